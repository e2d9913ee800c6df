import type { Job } from "../../../../shared/base/job.ts";
import { estimateCrossFit, type HeldOutInputs } from "../../../../shared/cross-fit/estimate-cross-fit.ts";
import { evaluatePlan } from "../../../../shared/evaluate/evaluate-plan.ts";
import { createLiveEvaluator, type LiveEvaluator } from "../../../../shared/evaluate/live/live-evaluator.ts";
import { placedExits } from "../../../../shared/evaluate/live/place-exits.ts";
import type { ChartedPlan, FrontFile } from "../../../../shared/files/front-file.ts";
import { type DropOutlook, routedOutlook } from "../../../../shared/guarantee/drop-outlook.ts";
import {
  type PartitionedPlan,
  type PlanFigures,
  type PlanWay,
  wayOf,
} from "../../../../shared/model/plan.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import type { Miss } from "../../../../shared/model/use-case.ts";
import { makeOffload } from "../../../../shared/offload/make-offload.ts";
import { evaluationSpaces, type Offload } from "../../../../shared/offload/partition-space.ts";
import type { PlacedPlan } from "../../../../shared/search/engine/front-point.ts";
import { chooseForUseCase } from "../../../../shared/search/engine/recommend.ts";
import { type DesignSpace, findSpace } from "../../../../shared/space/design-space.ts";
import { referenceAccuracy } from "../../../../shared/space/reference-point.ts";
import { type SearchSpace, totalWeight } from "../../../../shared/space/search-space.ts";
import { choicePart, choiceTables } from "../choice-tables.ts";
import { preparedNetworks, searchInputs } from "../networks-inputs.ts";
import type { CalibratedModel, Project } from "../project.ts";
import { projectFault } from "../project-fault.ts";
import { figureCheck } from "./figure-check.ts";

const checkFigure = figureCheck("front.json", "the project's tables and profiles");

/** Samples that are sent past exits, all plans together: about a second. Of more plans some are looked at. */
const budget = 2e8;

/** Plans between two pauses. */
const stride = 64;

/** What a front says of one of its plans. */
interface Claim extends PartitionedPlan {
  /** Of a recommended plan. */
  readonly figures?: PlanFigures;
  readonly accuracy: number;
  /** Undefined where nobody says it. */
  readonly right?: number;
  readonly latencyMs: number;
  /** Of a front of energies. */
  readonly energyMillijoules?: number;
  /** On new images. */
  readonly drop?: DropOutlook;
}

/**
 * A front's figures are those that its plans have by the project's tables, and by the profiles that it was searched with, if
 * these are still there.
 * @throws AppError 'file-invalid' naming the figure that isn't; 'cancelled'
 */
export async function checkFrontFigures(project: Project, job: Job): Promise<void> {
  const { front } = project;
  if (!front) return;
  const [table] = choiceTables(project).values();
  if (!table || front.samples !== table.samples)
    throw projectFault(
      `front.json is of ${front.samples} samples, and the ${front.crossFit ? "held-out" : "calibration"} tables of ${table?.samples ?? 0}`,
    );
  const timing = timingOf(project, front);
  const spaces = spacesOf(project, front, timing);
  const evaluatedOn = evaluatorsOf(spaces);
  checkBackbone(front, spaces, timing);
  const claims = claimsOf(front);
  const longest = claims.reduce((most, { exits }) => Math.max(most, exits.length + 1), 1);
  const step = Math.max(1, Math.ceil((claims.length * table.samples * longest) / budget));
  for (let at = 0; at < claims.length; at += step) {
    checkClaim(claims[at], front, evaluatedOn, timing !== undefined);
    if ((at / step) % stride === 0) await job.pause();
  }
  checkMisses(front);
  checkHalves(project, front, timing);
}

/** A space and what evaluates plans on it fast. */
interface Evaluated {
  readonly space: SearchSpace;
  readonly evaluator: LiveEvaluator;
}

/** The space of a plan, of which few are asked for; undefined if it is none of these. */
type EvaluatedOn = (way: PlanWay) => Evaluated | undefined;

function evaluatorsOf(spaces: readonly DesignSpace[]): EvaluatedOn {
  const known = new Map<DesignSpace, Evaluated>();
  return (way) => {
    const on = findSpace(spaces, way);
    if (!on) return undefined;
    const { space } = on;
    const evaluated = known.get(on) ?? { space, evaluator: createLiveEvaluator(space) };
    known.set(on, evaluated);
    return evaluated;
  };
}

interface Timing {
  readonly device: Profile;
  readonly server?: Profile;
}

/** Undefined where a target has been measured again since, or dropped. */
function timingOf({ profiles }: Project, { profile, offload }: FrontFile): Timing | undefined {
  const device = profiles.find(({ id }) => id === profile);
  const server = offload && profiles.find(({ id }) => id === offload.profile);
  return device && (!offload || server) ? { device, server } : undefined;
}

function spacesOf(project: Project, front: FrontFile, timing?: Timing): DesignSpace[] {
  const { on, offload } = inputsOf(project, front, timing);
  return evaluationSpaces(on(choicePart(project)), offload);
}

function inputsOf(project: Project, front: FrontFile, timing?: Timing): HeldOutInputs {
  const profile = timing?.device ?? timeless(project, project.members);
  return {
    on: (part) => ({
      ...searchInputs(project, part, profile),
      classWeights: front.useCase.classWeights,
    }),
    offload: front.offload && timing?.server && offloadOf(project, front.offload, timing.server),
  };
}

function offloadOf(
  project: Project,
  { link, images = "tensor" }: NonNullable<FrontFile["offload"]>,
  server: Profile,
): Offload {
  return makeOffload(preparedNetworks(project), server, link, images);
}

/** Of a plan where latencies are not known: on which target it runs is nothing to its accuracy. */
const onDevice = { cut: undefined, cutMember: undefined };

/** What is reported of the plans of both halves. @throws AppError 'file-invalid' naming the figure that isn't so */
function checkHalves(project: Project, front: FrontFile, timing?: Timing): void {
  const { crossFit } = front;
  if (!crossFit) return;
  // Without latencies there are no partitions, on which accuracy doesn't depend.
  const halves = crossFit.halves.map((half) => (timing ? half : { ...half, ...onDevice }));
  const found = estimateCrossFit(inputsOf(project, front, timing), halves);
  checkAlike("crossFit", { ...crossFit, halves }, found, timing !== undefined);
}

const timed = ["latencyMs", "speedup", "energyMillijoules"];

/** Every number that one of two records of the same kind holds is in the other. */
function checkAlike(name: string, claimed: unknown, found: unknown, isTimed: boolean): void {
  if (typeof claimed === "number" && typeof found === "number")
    checkFigure(name, "both halves", claimed, found);
  else if (isRecord(claimed) && isRecord(found)) {
    for (const key of new Set([...Object.keys(claimed), ...Object.keys(found)]))
      if (isTimed || !timed.includes(key)) checkAlike(`${name}.${key}`, claimed[key], found[key], isTimed);
  } else if (claimed !== found)
    throw projectFault(`front.json has another ${name} than follows from the project's tables and profiles`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A profile under which all takes no time: how accurate plans are doesn't depend on it. */
function timeless(backbone: SearchedNetwork, members: readonly SearchedNetwork[]): Profile {
  const { graphSha256, ...own } = timelessNetwork(backbone);
  return {
    format: "offramp-profile",
    version: 2,
    id: "",
    graphSha256,
    target: { device: "", operatingSystem: "", runtime: "", provider: "", threads: 1 },
    ...own,
    members: members.map((member) => ({ ...timelessNetwork(member), name: member.backbone.summary.name })),
    nodes: [],
  };
}

type SearchedNetwork = Pick<CalibratedModel, "backbone" | "heads" | "tables">;

function timelessNetwork({ backbone, heads, tables }: SearchedNetwork) {
  const none = { medianMs: 0, meanMs: 0, p5Ms: 0, p95Ms: 0, count: 1 };
  const policies = [...tables.calibration.keys()];
  return {
    graphSha256: backbone.summary.graphSha256,
    backbone: none,
    final: none,
    prefixes: heads.map(({ cutPoint }) => ({ cutPoint, ...none })),
    heads: heads.flatMap(({ cutPoint, kind }) =>
      policies.map((policy) => ({ cutPoint, head: kind, policy, ...none })),
    ),
  };
}

function checkBackbone({ backbone }: FrontFile, [{ space }]: readonly DesignSpace[], timing?: Timing): void {
  checkFigure("accuracy", "the backbone", backbone.accuracy, referenceAccuracy(space));
  if (!timing) return;
  checkFigure("latency", "the backbone", backbone.latencyMs, timing.device.backbone.meanMs);
  checkEnergy("the backbone", backbone.energyMillijoules, timing.device.backbone.energyMillijoules);
}

/** The recommended plan first. */
function claimsOf(front: FrontFile): Claim[] {
  const { latency } = front.useCase;
  const { guarantee, safe, frozen } = front;
  const recommended = [
    front.recommended,
    ...(frozen?.recommended ? [frozen.recommended] : []),
    ...(guarantee ? [guarantee.plain] : []),
    ...(safe?.plan ? [safe.plan] : []),
  ];
  const charted: ChartedPlan[] = [
    ...front.searches.flatMap(({ front: plans }) => plans),
    ...front.schemes.flatMap(({ plans }) => plans),
    ...(front.offload?.alone ?? []),
    ...(frozen ? [...frozen.front, ...frozen.alone] : []),
  ];
  return [
    ...recommended.map(({ exits, figures, drop, ...plan }) => ({
      exits,
      ...wayOf(plan),
      figures,
      drop,
      accuracy: figures.accuracy,
      latencyMs: figures.latencyMs[latency],
    })),
    ...charted,
  ];
}

function checkClaim(
  { exits, figures, ...claimed }: Claim,
  { useCase, dropBounds }: FrontFile,
  evaluatedOn: EvaluatedOn,
  isTimed: boolean,
): void {
  const { chain, cut } = claimed;
  const on = evaluatedOn(isTimed ? wayOf(claimed) : wayOf({ chain }));
  const placed = on && placedExits(on.space, exits);
  if (!placed)
    throw projectFault(
      `front.json holds a plan with exits at ${exits.map(({ cutPoint }) => cutPoint).join(", ") || "no place"}` +
        `${cut === undefined ? "" : `, partitioned at ${cut}`}${chain ? ` in ${chain.length} networks` : ""}, which the tables and profiles don't allow`,
    );
  const { accuracy, latencyMs, energyMillijoules } = on.evaluator.evaluate(placed);
  if (claimed.drop) checkDrop(claimed.drop, { exits: placed, chain }, on, { useCase, dropBounds });
  const plan = `a plan of ${exits.length} exits`;
  checkFigure("accuracy", plan, claimed.accuracy, accuracy);
  const right = Math.round(accuracy * totalWeight(on.space));
  if (claimed.right !== undefined) checkFigure("number of right samples", plan, claimed.right, right);
  if (isTimed) {
    checkFigure("latency", plan, claimed.latencyMs, latencyMs[useCase.latency]);
    checkEnergy(plan, claimed.energyMillijoules, energyMillijoules);
  }
  if (figures) checkFigures(plan, figures, evaluatePlan(on.space, placed), isTimed);
}

/** One that is claimed of what nobody counted is none. */
function checkEnergy(of: string, claimed: number | undefined, found = Number.NaN): void {
  if (claimed !== undefined) checkFigure("energy", of, claimed, found);
}

/** A drop on new images follows from the samples, and from what the search found out of itself, which is believed. */
function checkDrop(
  claimed: DropOutlook,
  placed: Pick<PlacedPlan, "exits" | "chain">,
  { space, evaluator }: Evaluated,
  { useCase, dropBounds }: Pick<FrontFile, "useCase" | "dropBounds">,
): void {
  const plan = `a plan of ${placed.exits.length} exits`;
  if (!dropBounds || "none" in dropBounds)
    throw projectFault(`front.json bounds the drop of ${plan}, and doesn't say what by`);
  const found = routedOutlook(placed, evaluator.routing.correct, space, { ...dropBounds, useCase });
  checkFigure("largest drop on new images", plan, claimed.upperBoundPp, found.upperBoundPp);
  checkFigure("probability", plan, claimed.keptProbability ?? -1, found.keptProbability ?? -1);
}

/** All that is said of a recommended plan. */
function checkFigures(plan: string, claimed: PlanFigures, found: PlanFigures, isTimed: boolean): void {
  const kinds = ["mean", "p50", "p95", "worst"] as const;
  for (const kind of isTimed ? kinds : [])
    checkFigure(`${kind} latency`, plan, claimed.latencyMs[kind], found.latencyMs[kind]);
  if (isTimed) checkEnergy(plan, claimed.energyMillijoules, found.energyMillijoules);
  checkFigure("number of exit rates", plan, claimed.exitRates.length, found.exitRates.length);
  for (const [exit, rate] of found.exitRates.entries())
    checkFigure(`share of samples that leave at exit ${exit + 1}`, plan, claimed.exitRates[exit], rate);
  if (claimed.lostRate !== undefined)
    checkFigure("share of samples that only the backbone has right", plan, claimed.lostRate, found.lostRate!);
  checkFigure("MACs", plan, claimed.macs, found.macs);
  checkFigure("bytes of weights", plan, claimed.bytes, found.bytes);
  if (claimed.peakActivationBytes !== undefined && found.peakActivationBytes !== undefined)
    checkFigure("bytes of activations", plan, claimed.peakActivationBytes, found.peakActivationBytes);
}

/**
 * Whether the plan that the search chose meets the use case follows from the figures. Where a guarantee was wanted, that is
 * the one without it.
 */
function checkMisses({ useCase, guarantee, recommended, frozen, backbone }: FrontFile): void {
  const constraints = (missed: readonly Miss[]) =>
    missed.map(({ constraint }) => constraint).join(", ") || "nothing";
  for (const plan of [guarantee?.plain ?? recommended, frozen?.recommended]) {
    if (!plan) continue;
    const { figures, feasible, misses } = plan;
    const found = chooseForUseCase([{ figures }], useCase, backbone.accuracy);
    const [claims, is] = [misses, found.misses].map(constraints);
    if (feasible !== found.feasible || claims !== is)
      throw projectFault(
        `front.json says that the recommended plan misses ${claims} of the use case, and by its figures it misses ${is}`,
      );
  }
}
