import type { CutPoint } from "../../../shared/domain/backbone.ts";
import type { Latency, Profile } from "../../../shared/domain/profile.ts";
import type { Job } from "../../../shared/job.ts";
import { type Random, seededRandom, shuffle } from "../../../shared/random.ts";
import { type DesignExit, earlyExitModel } from "../export/early-exit-model.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { top1 } from "../policies/top1.ts";
import { profileNodes } from "./profile-nodes.ts";
import { randomImage } from "./random-image.ts";
import { latencyOf, median, shiftLatency } from "./statistics.ts";
import { describeTarget, type TargetOptions } from "./target.ts";

/** A head with a policy at a cut point, to be timed. */
export interface ProfileSubject {
  readonly cut: CutPoint;
  readonly head: Head;
  readonly policy: ExitPolicy;
}

export interface ProfileOptions extends TargetOptions {
  /** How long to measure; every subject is timed at least `leastRounds` times whatever it takes. */
  readonly seconds: number;
  readonly seed: number;
}

const leastRounds = 10;
const mostRounds = 500;

/** Sessions that are open at the same time may take about this much memory. */
const sessionBudgetBytes = 1.5e9;

/** Runs of a visit: the first brings the session back into the caches and isn't counted. */
const timedRunsPerVisit = 2;

type Feeds = Record<string, RuntimeTensor>;

interface Timed {
  readonly run: () => Promise<unknown>;
  readonly times: number[];
}

/** A single-exit network with its decision forced: always leave, or always pass on. */
interface TimedExit {
  readonly subject: ProfileSubject;
  readonly leave: Timed;
  readonly pass: Timed;
  release(): Promise<void>;
}

/**
 * Latencies on this machine at batch 1, in the form in which a plan is deployed: for each subject the network with
 * just this exit, its decision forced. What a head adds is the difference between passing it and the plain backbone,
 * h(e) = pass(e) - backbone; the prefix is what leaving takes less that, L(e) = leave(e) - h(e). Subjects are visited
 * round-robin in random order, so drift hits all alike; if they don't fit into memory together they go in groups,
 * each scaled by its own run of the backbone.
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
  const image = randomImage(backbone.summary, random);
  const groups = groupSubjects(backbone, subjects);
  const measured: GroupTimes[] = [];
  for (const [index, group] of groups.entries()) {
    const share: Job = {
      pause: job.pause,
      report: (done, total) => job.report(index * total + done, groups.length * total),
    };
    measured.push(
      await measureGroup(
        backbone,
        group,
        image,
        { ...options, seconds: options.seconds / groups.length },
        random,
        share,
      ),
    );
  }
  const reference = median(measured.flatMap((group) => group.backbone));
  const exits = measured.flatMap((group) => scaledLatencies(group, reference));
  return {
    format: "offramp-profile",
    version: 1,
    backboneSha256: backbone.summary.sha256,
    target,
    backbone: latencyOf(measured.flatMap((group) => group.backbone)),
    prefixes: prefixLatencies(exits),
    heads: exits.map(({ subject, head }) => ({
      cutPoint: subject.cut.tensor,
      head: subject.head.kind,
      policy: subject.policy.id,
      ...head,
    })),
    nodes: await profileNodes(backbone, image, options, job),
  };
}

function groupSubjects({ summary }: Backbone, subjects: readonly ProfileSubject[]): ProfileSubject[][] {
  const bytes = 2.5 * summary.parameterBytes + 2 * summary.peakActivationBytes + 4e6;
  const size = Math.max(1, Math.floor(sessionBudgetBytes / bytes) - 1);
  const groups: ProfileSubject[][] = [];
  for (let start = 0; start < subjects.length || start === 0; start += size)
    groups.push(subjects.slice(start, start + size));
  return groups;
}

interface GroupTimes {
  readonly backbone: readonly number[];
  readonly exits: readonly { subject: ProfileSubject; leave: readonly number[]; pass: readonly number[] }[];
}

async function measureGroup(
  backbone: Backbone,
  group: readonly ProfileSubject[],
  image: Feeds,
  options: ProfileOptions,
  random: Random,
  job: Job,
): Promise<GroupTimes> {
  const plainSession = await openSession(encodeModel(backbone.proto), options);
  const exits: TimedExit[] = [];
  try {
    const plain: Timed = { run: () => plainSession.run(image, [backbone.summary.output.name]), times: [] };
    for (const subject of group) {
      exits.push(await openExit(backbone, subject, image, options));
      await job.pause();
    }
    await measureRounds(
      [plain, ...exits.flatMap(({ leave, pass }) => [leave, pass])],
      options.seconds,
      random,
      job,
    );
    return {
      backbone: plain.times,
      exits: exits.map(({ subject, leave, pass }) => ({ subject, leave: leave.times, pass: pass.times })),
    };
  } finally {
    await plainSession.release();
    for (const exit of exits) await exit.release();
  }
}

async function openExit(
  backbone: Backbone,
  { cut, head, policy }: ProfileSubject,
  image: Feeds,
  options: TargetOptions,
): Promise<TimedExit> {
  const exit: DesignExit = { cut, head, policy, temperature: 1.5, threshold: "threshold" };
  const final = { policy: top1, temperature: 1 };
  const session = await openSession(encodeModel(earlyExitModel(backbone, [exit], final)), options);
  const forced = (threshold: number): Timed => {
    const feeds = { ...image, threshold: runtimeTensor("float32", Float32Array.of(threshold), []) };
    return { run: () => session.run(feeds), times: [] };
  };
  return {
    subject: { cut, head, policy },
    leave: forced(-1),
    pass: forced(2),
    release: () => session.release(),
  };
}

async function measureRounds(
  subjects: readonly Timed[],
  seconds: number,
  random: Random,
  job: Job,
): Promise<void> {
  for (const subject of subjects) for (let run = 0; run < 3; run++) await subject.run();
  const order = [...subjects];
  const started = performance.now();
  for (let round = 0; round < mostRounds; round++) {
    const elapsed = (performance.now() - started) / 1000;
    if (round >= leastRounds && elapsed >= seconds) return;
    job.report(Math.min(seconds, elapsed), seconds, `round ${round + 1}`);
    for (const subject of shuffle(order, random)) {
      await subject.run();
      for (let run = 0; run < timedRunsPerVisit; run++) {
        const start = performance.now();
        await subject.run();
        subject.times.push(performance.now() - start);
      }
      await job.pause();
    }
  }
}

interface ExitLatencies {
  readonly subject: ProfileSubject;
  readonly prefix: Latency;
  readonly head: Latency;
}

/** @param reference the backbone's median over all groups, which each group is scaled to */
function scaledLatencies({ backbone, exits }: GroupTimes, reference: number): ExitLatencies[] {
  const scale = reference / median(backbone);
  return exits.map(({ subject, leave, pass }) => {
    const added = latencyOf(pass.map((time, index) => (time - backbone[index]) * scale));
    const head = shiftLatency(added, 0);
    return {
      subject,
      head,
      prefix: shiftLatency(latencyOf(leave.map((time) => time * scale)), -head.medianMs),
    };
  });
}

/** One prefix a cut point; where several heads were timed on it, the first. */
function prefixLatencies(exits: readonly ExitLatencies[]): Profile["prefixes"] {
  const prefixes = new Map<string, Profile["prefixes"][number]>();
  for (const { subject, prefix } of exits)
    if (!prefixes.has(subject.cut.tensor))
      prefixes.set(subject.cut.tensor, { cutPoint: subject.cut.tensor, ...prefix });
  return [...prefixes.values()];
}
