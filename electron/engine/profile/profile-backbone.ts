import type { CutPoint } from "../../../shared/domain/backbone.ts";
import type { Latency, Profile } from "../../../shared/domain/profile.ts";
import type { Job } from "../../../shared/job.ts";
import { type Random, seededRandom, shuffle } from "../../../shared/random.ts";
import { decisionFragment, earlyExitModel } from "../export/early-exit-model.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, defaultOpset } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { ModelProto } from "../onnx/gen/onnx_pb.ts";
import { graph, model, value } from "../onnx/graph-builder.ts";
import { type InferenceSession, openSession, type RuntimeTensor, runtimeTensor } from "../onnx/runtime.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { top1 } from "../policies/top1.ts";
import { profileNodes } from "./profile-nodes.ts";
import { randomImage } from "./random-image.ts";
import { latencyOf, median, shiftLatency } from "./statistics.ts";
import { describeTarget, type TargetOptions } from "./target.ts";

/** A head at a cut point, to be timed. */
export interface ProfileSubject {
  readonly cut: CutPoint;
  readonly head: Head;
}

export interface ProfileOptions extends TargetOptions {
  /** Exit policies to be timed; heads run with the first, the others add the difference of the decisions alone. */
  readonly policies: readonly ExitPolicy[];
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

/** Temperatures other than 1, as calibration finds them, so that the scaling is timed too. */
const temperature = 1.5;
const finalDecision = { policy: top1, temperature };

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
}

/**
 * Latencies on this machine at batch 1, in the form in which a plan is deployed: for each subject the network with
 * just this exit, its decision forced. What a head adds is the difference between passing it and a network without
 * exits that states its confidence (`final`), h(e) = pass(e) - final; the prefix is what leaving takes less that,
 * L(e) = leave(e) - h(e). Subjects are visited
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
  const decisions = options.policies.map((_, index) => median(differences(measured, index)));
  return {
    format: "offramp-profile",
    version: 1,
    backboneSha256: backbone.summary.sha256,
    target,
    backbone: latencyOf(measured.flatMap((group) => group.backbone)),
    final: latencyOf(measured.flatMap((group) => group.final)),
    prefixes: prefixLatencies(exits),
    heads: exits.flatMap(({ subject, head }) =>
      options.policies.map((policy, index) => ({
        cutPoint: subject.cut.tensor,
        head: subject.head.kind,
        policy: policy.id,
        ...shiftLatency(head, decisions[index]),
      })),
    ),
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

/** What the decision by a policy takes more than that by the first, run by run. */
function differences(measured: readonly GroupTimes[], policy: number): number[] {
  return measured.flatMap(({ decisions: [first, ...rest] }) =>
    first.map((time, run) => (policy === 0 ? 0 : rest[policy - 1][run] - time)),
  );
}

interface GroupTimes {
  readonly backbone: readonly number[];
  readonly final: readonly number[];
  /** Per policy, in the options' order. */
  readonly decisions: readonly (readonly number[])[];
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
  const opened: InferenceSession[] = [];
  const open = async (model: ModelProto) => {
    const session = await openSession(encodeModel(model), options);
    opened.push(session);
    await job.pause();
    return (feeds: Feeds, outputs?: readonly string[]): Timed => ({
      run: () => session.run(feeds, outputs ?? session.outputNames),
      times: [],
    });
  };
  try {
    const plain = (await open(backbone.proto))(image, [backbone.summary.output.name]);
    const final = (await open(earlyExitModel(backbone, [], finalDecision)))(image);
    const decisions: Timed[] = [];
    for (const policy of options.policies)
      decisions.push((await open(decisionModel(backbone, policy)))(logitsFeeds(backbone)));
    const exits: TimedExit[] = [];
    for (const subject of group) {
      const time = await open(forcedExitModel(backbone, subject, options.policies[0]));
      exits.push({ subject, leave: time(forced(image, -1)), pass: time(forced(image, 2)) });
    }
    const all = [plain, final, ...decisions, ...exits.flatMap(({ leave, pass }) => [leave, pass])];
    await measureRounds(all, options.seconds, random, job);
    return {
      backbone: plain.times,
      final: final.times,
      decisions: decisions.map(({ times }) => times),
      exits: exits.map(({ subject, leave, pass }) => ({ subject, leave: leave.times, pass: pass.times })),
    };
  } finally {
    for (const session of opened) await session.release();
  }
}

/** The network with one exit whose threshold is an input. */
function forcedExitModel(backbone: Backbone, { cut, head }: ProfileSubject, policy: ExitPolicy): ModelProto {
  return earlyExitModel(
    backbone,
    [{ cut, head, policy, temperature, threshold: "threshold" }],
    finalDecision,
  );
}

/** Confidences lie between 0 and 1, so a threshold below lets all leave and one above lets all pass. */
function forced(image: Feeds, threshold: number): Feeds {
  return { ...image, threshold: runtimeTensor("float32", Float32Array.of(threshold), []) };
}

function decisionModel({ summary, proto }: Backbone, policy: ExitPolicy): ModelProto {
  const { classes } = summary.output;
  const fragment = decisionFragment("decision", { policy, temperature }, classes, defaultOpset(proto));
  const inputs = [value("decision/logits", "float32", [1, classes])];
  return model(graph("decision", fragment, inputs, [value("decision/confidence", "float32", [1])]), proto);
}

function logitsFeeds({ summary }: Backbone): Feeds {
  const { classes } = summary.output;
  const logits = Float32Array.from({ length: classes }, (_, index) => Math.sin(index));
  return { "decision/logits": runtimeTensor("float32", logits, [1, classes]) };
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
function scaledLatencies({ backbone, final, exits }: GroupTimes, reference: number): ExitLatencies[] {
  const scale = reference / median(backbone);
  return exits.map(({ subject, leave, pass }) => {
    const added = latencyOf(pass.map((time, index) => (time - final[index]) * scale));
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
