import { AppError } from "../../../shared/base/errors.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import type { Link } from "../../../shared/model/link.ts";
import { type PlanFigures, wayOf } from "../../../shared/model/plan.ts";
import type { Latency, NetworkProfile, Profile } from "../../../shared/model/profile.ts";
import { planSpace } from "../../../shared/offload/partition-space.ts";
import { fromPlanExits } from "../../../shared/space/plan-exits.ts";
import { scaleLatency } from "../profile/statistics.ts";
import { searchInputs } from "../search/search-inputs.ts";
import type { Verification } from "../verify/verify-model.ts";
import { offloadTo } from "./offload-stage.ts";
import { compareMeans, type PlanInUse, type Prediction, verifiedSpace } from "./verify-stage.ts";

/** A partitioned plan where it was run: on two machines with a link between them. */
export interface PartitionInUse extends PlanInUse {
  /** The server's profile, and how fast the plain backbone was there while the plan ran, ms. */
  readonly server: Profile;
  readonly serverBackboneMs: number;
  /** As it was measured. */
  readonly link: Link;
}

/** What profiles, tables and link say of a partitioned plan beforehand, beside what two machines took. */
export interface PartitionPrediction extends Prediction {
  /** How much slower the server was than when it was profiled, per cent. */
  readonly serverDriftPct: number;
}

/**
 * Predicts a partitioned plan on the samples that were run: with the link that was measured, and each machine at the speed that
 * it had then.
 * @throws AppError 'file-invalid' if a profile lacks some of the heads, or the partition
 */
export function predictPartition(used: PartitionInUse, verification: Verification): PartitionPrediction {
  const { profile, server } = used;
  const drift = verification.backbone.latencyMs.mean / profile.backbone.meanMs;
  const serverDrift = used.serverBackboneMs / server.backbone.meanMs;
  const profiled = figuresOf(used, verification);
  const now = { ...used, profile: atPace(profile, drift), server: atPace(server, serverDrift) };
  const predicted = figuresOf(now, verification);
  const speedup = verification.backbone.latencyMs.mean / predicted.latencyMs.mean;
  return {
    profiled,
    predicted,
    speedup,
    ...compareMeans(predicted.latencyMs.mean, speedup, verification),
    machineDriftPct: 100 * (drift - 1),
    serverDriftPct: 100 * (serverDrift - 1),
  };
}

function figuresOf(used: PartitionInUse, { places }: Verification): PlanFigures {
  const { project, profile, plan, classWeights, server, link } = used;
  if (plan.cut === undefined)
    throw new AppError("usage", "the plan isn't partitioned, so there are no halves to run", {
      missing: "plan",
    });
  const inputs = { ...searchInputs(project, "test", profile), classWeights };
  const { space } = planSpace(inputs, wayOf(plan), offloadTo(project, server, link));
  const samples = verifiedSpace(used, places, space);
  return evaluatePlan(samples, fromPlanExits(samples, plan.exits));
}

/** The profile of the same machine, so many times as slow. */
function atPace(profile: Profile, by: number): Profile {
  const scaled = <Timed extends Latency>(latency: Timed): Timed => ({
    ...latency,
    ...scaleLatency(latency, by),
  });
  const network = <Timed extends NetworkProfile>(timed: Timed): Timed => ({
    ...timed,
    ...(timed.entry && { entry: scaled(timed.entry) }),
    backbone: scaled(timed.backbone),
    final: scaled(timed.final),
    prefixes: timed.prefixes.map(scaled),
    heads: timed.heads.map(scaled),
    ...(timed.branch && { branch: scaled(timed.branch) }),
  });
  return { ...network(profile), members: profile.members?.map(network) };
}
