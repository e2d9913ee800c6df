import { type Job, partOfJob } from "../../../shared/base/job.ts";
import { type Random, seededRandom } from "../../../shared/base/random.ts";
import type { EnergySensor, Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { Backbone } from "../onnx/backbone.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { energyShare, openEnergyCounter } from "./energy/energy-counter.ts";
import { estimatedEnergy, fitEnergies } from "./energy/fit-energies.ts";
import { backboneLatency, estimatedLatency } from "./estimate/estimated-latency.ts";
import { type Estimate, type Fit, fitLatencies, type GroupTimings } from "./estimate/fit-latencies.ts";
import type { Timing } from "./estimate/timing.ts";
import { identifiedProfile } from "./identified-profile.ts";
import { judgeQuality } from "./judge-quality.ts";
import { type MachineState, MachineWatch } from "./machine/machine-watch.ts";
import { atRaisedPriority } from "./machine/priority.ts";
import { stopwatchFor } from "./machine/stopwatch.ts";
import { type Measurement, measureRounds, type TimedGroup } from "./measure-rounds.ts";
import { rules } from "./measurement-rules.ts";
import { profileNodes } from "./profile-nodes.ts";
import { describeTarget } from "./target.ts";
import { type ProfileSubject, randomImage, type TimedModel } from "./timed-models.ts";
import { openTimedSessions, type TimedSessions } from "./timed-sessions.ts";

export interface ProfileOptions extends TargetOptions {
  /** Exit policies to be timed; heads run with the first, the others add the difference of the decisions alone. */
  readonly policies: readonly ExitPolicy[];
  /** How long to measure at most. */
  readonly seconds: number;
  readonly seed: number;
}

/** Sessions that are open at the same time may take about this much memory. */
const sessionBudgetBytes = 1.5e9;

/**
 * Latencies on this machine at batch 1, in the form in which a plan is deployed. Timed are the backbone; the backbone
 * as a plan's last stage (`final`); and per subject the network with just this exit, forced to leave or to pass, and
 * the head with its decision alone; `fitLatencies` makes latencies of these. It ends when all prefixes are known well
 * enough, or the time is up. If the sessions don't fit into memory together they go in groups, each beside its own runs of
 * the backbone.
 * @throws AppError 'cancelled'
 */
export async function profileBackbone(
  backbone: Backbone,
  subjects: readonly ProfileSubject[],
  options: ProfileOptions,
  job: Job,
): Promise<Profile> {
  const target = describeTarget(options);
  const random = seededRandom(options.seed);
  const image = randomImage(backbone, random);
  const { groups, machine, energies } = await atRaisedPriority(() =>
    measureAll(backbone, subjects, image, options, random, job),
  );
  const energyFit = energies.groups && fitEnergies(energies.groups, seededRandom(options.seed));
  const energy = (of: (fit: Fit) => Estimate | undefined) => {
    const estimate = energyFit && of(energyFit);
    return estimate && estimatedEnergy(estimate, energyFit.backbone);
  };
  const fit = fitLatencies(groups, seededRandom(options.seed));
  const { prefixes, heads, final, branch } = fit;
  const exits = groups.flatMap((group) => group.exits);
  const reference = backboneLatency(groups, seededRandom(options.seed));
  const latency = (estimate: Estimate, timings: readonly Timing[]) =>
    estimatedLatency(estimate, reference.meanMs, timings);
  const cuts = [...prefixes.keys()].map((cut) => exits.find((exit) => exit.cut === cut)!);
  const inOrderOf = new Map(subjects.map(({ cut }, index) => [cut.tensor, index]));
  return identifiedProfile({
    format: "offramp-profile",
    version: 2,
    graphSha256: backbone.summary.graphSha256,
    target,
    quality: judgeQuality({
      machine,
      backbone: groups.flatMap((group) => group.backbone),
      drift: fit.drift,
      halfWidth: widest(fit),
    }),
    energySensor: energies.sensor,
    backbone: { ...reference, ...energyFit?.backbone },
    final: {
      ...latency(
        final,
        groups.flatMap((group) => group.final),
      ),
      ...energy((fit) => fit.final),
    },
    prefixes: cuts
      .map(({ cut, leave }) => ({
        cutPoint: backbone.summary.cutPoints[cut].tensor,
        ...latency(prefixes.get(cut)!, leave),
        ...energy((fit) => fit.prefixes.get(cut)),
      }))
      .sort((a, b) => inOrderOf.get(a.cutPoint)! - inOrderOf.get(b.cutPoint)!),
    heads: subjects.flatMap(({ cut, head }, index) =>
      options.policies.map((policy, at) => ({
        cutPoint: cut.tensor,
        head: head.kind,
        policy: policy.id,
        ...latency(heads[index][at], exits[index].head),
        ...energy((fit) => fit.heads[index][at]),
      })),
    ),
    ...(branch && {
      branch: {
        ...latency(
          branch,
          exits.flatMap((exit) => exit.head),
        ),
        ...energy((fit) => fit.branch),
      },
    }),
    nodes: await profileNodes(backbone, image, options, job),
  });
}

/** Energies of the groups, beside what counted them; without groups why there are none. */
interface Energies {
  readonly sensor: EnergySensor;
  readonly groups?: readonly GroupTimings[];
}

/** Measures the groups of subjects one after the other, and watches the machine meanwhile. */
async function measureAll(
  backbone: Backbone,
  subjects: readonly ProfileSubject[],
  image: TimedModel["feeds"],
  options: ProfileOptions,
  random: Random,
  job: Job,
): Promise<{ groups: GroupTimings[]; machine: MachineState; energies: Energies }> {
  const parts = groupSubjects(backbone, subjects);
  const seconds = options.seconds / parts.length;
  const watch = new MachineWatch(options.threads, options.seconds);
  const stopwatch = stopwatchFor(options);
  const groups: GroupTimings[] = [];
  const energies: GroupTimings[] = [];
  const counter = await openEnergyCounter(options);
  for (const [index, part] of parts.entries()) {
    const share = partOfJob(job, index / parts.length, (index + 1) / parts.length);
    const sessions = await openTimedSessions(backbone, part, image, options, random, share);
    try {
      const measurement: Measurement = {
        ...sessions,
        stopwatch,
        seconds,
        unsettled: () => unsettled(sessions, options.seed),
        afterRound: (report) => watch.look(share, () => report("waiting for a calmer machine")),
      };
      const timedShare = counter.isCounting() ? 1 / (1 + energyShare) : 1;
      await measureRounds(measurement, random, partOfJob(share, 0, timedShare));
      groups.push(sessions.timings());
      const counting = {
        subjects: sessions.subjects,
        seconds: energyShare * seconds,
        isSettled: () => isEnergySettled(sessions, options.seed),
      };
      const isCounted = await counter.count(
        counting,
        seededRandom(options.seed),
        partOfJob(share, timedShare, 1),
      );
      if (isCounted) energies.push(sessions.energies());
    } finally {
      await sessions.release();
    }
  }
  const counted = energies.length === groups.length ? energies : undefined;
  return { groups, machine: watch.state(), energies: { sensor: counter.sensor(), groups: counted } };
}

/** The groups of the exits whose prefixes are not known well enough yet. */
function unsettled({ timings, exitGroups }: TimedSessions, seed: number): Set<TimedGroup> {
  const measured = timings();
  const { prefixes } = fitLatencies([measured], seededRandom(seed));
  const open = measured.exits.flatMap(({ cut }, index) =>
    prefixes.get(cut)!.halfWidth > rules.settledHalfWidth ? exitGroups[index] : [],
  );
  return new Set(open);
}

/** Whether the energies of all prefixes are known well enough. */
function isEnergySettled({ energies }: TimedSessions, seed: number): boolean {
  const { prefixes } = fitEnergies([energies()], seededRandom(seed));
  return [...prefixes.values()].every(({ halfWidth }) => halfWidth <= rules.energyHalfWidth);
}

function widest({ prefixes }: Fit): number | undefined {
  return prefixes.size > 0
    ? Math.max(...[...prefixes.values()].map(({ halfWidth }) => halfWidth))
    : undefined;
}

function groupSubjects({ summary }: Backbone, subjects: readonly ProfileSubject[]): ProfileSubject[][] {
  const bytes = 2.5 * summary.parameterBytes + 2 * summary.peakActivationBytes + 4e6;
  const size = Math.max(1, Math.floor(sessionBudgetBytes / bytes) - 2);
  const groups: ProfileSubject[][] = [];
  for (let start = 0; start < subjects.length || start === 0; start += size)
    groups.push(subjects.slice(start, start + size));
  return groups;
}
