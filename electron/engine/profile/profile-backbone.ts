import type { Job } from "../../../shared/base/job.ts";
import { type Random, seededRandom } from "../../../shared/base/random.ts";
import type { Latency, Profile } from "../../../shared/model/profile.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import { identifiedProfile } from "./identified-profile.ts";
import { measureRounds, type Timed } from "./measure-rounds.ts";
import { profileNodes } from "./profile-nodes.ts";
import { interquartileMean, latencyOf, median, shiftLatency } from "./statistics.ts";
import { describeTarget } from "./target.ts";
import {
  decisionModel,
  emptyModel,
  finalModel,
  forcedExitModels,
  headModel,
  type ProfileSubject,
  randomImage,
  type TimedModel,
} from "./timed-models.ts";

export interface ProfileOptions extends TargetOptions {
  /** Exit policies to be timed; heads run with the first, the others add the difference of the decisions alone. */
  readonly policies: readonly ExitPolicy[];
  /** How long to measure. */
  readonly seconds: number;
  readonly seed: number;
}

/** Sessions that are open at the same time may take about this much memory. */
const sessionBudgetBytes = 1.5e9;

/**
 * Latencies on this machine at batch 1, in the form in which a plan is deployed. Timed are the backbone; the backbone
 * as a plan's last stage (`final`); and per subject the network with just this exit, forced to leave or to pass, and
 * the head with its decision alone. What passing an exit adds beyond the head itself, the branch and the change of
 * layout around it, is small compared with the noise of a whole run, and the same for all: it is the median over all exits
 * of pass - final - head. So h(e) = head + branch, and L(e) = leave - h(e). If the sessions don't fit into memory
 * together they go in groups, each scaled by its own runs of the backbone.
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
  const groups = groupSubjects(backbone, subjects);
  const measured: GroupTimes[] = [];
  for (const [index, group] of groups.entries()) {
    const share: Job = {
      pause: () => job.pause(),
      report: (done, total, note) => job.report(index * total + done, groups.length * total, note),
    };
    const seconds = options.seconds / groups.length;
    measured.push(await measureGroup(backbone, group, image, { ...options, seconds }, random, share));
  }
  const scaled = scaleGroups(measured);
  const exits = exitLatencies(scaled);
  const policyMs = scaled[0].decisions.map(
    (times) => interquartileMean(times) - interquartileMean(scaled[0].decisions[0]),
  );
  return identifiedProfile({
    format: "offramp-profile",
    version: 2,
    graphSha256: backbone.summary.graphSha256,
    target,
    backbone: latencyOf(scaled.flatMap((group) => group.backbone)),
    final: latencyOf(scaled.flatMap((group) => group.final)),
    prefixes: prefixLatencies(exits),
    heads: exits.flatMap(({ subject, head }) =>
      options.policies.map((policy, index) => ({
        cutPoint: subject.cut.tensor,
        head: subject.head.kind,
        policy: policy.id,
        ...shiftLatency(head, policyMs[index]),
      })),
    ),
    nodes: await profileNodes(backbone, image, options, job),
  });
}

function groupSubjects({ summary }: Backbone, subjects: readonly ProfileSubject[]): ProfileSubject[][] {
  const bytes = 2.5 * summary.parameterBytes + 2 * summary.peakActivationBytes + 4e6;
  const size = Math.max(1, Math.floor(sessionBudgetBytes / bytes) - 2);
  const groups: ProfileSubject[][] = [];
  for (let start = 0; start < subjects.length || start === 0; start += size)
    groups.push(subjects.slice(start, start + size));
  return groups;
}

interface ExitTimes {
  readonly subject: ProfileSubject;
  readonly leave: readonly number[];
  readonly pass: readonly number[];
  readonly head: readonly number[];
}

interface GroupTimes {
  readonly backbone: readonly number[];
  readonly final: readonly number[];
  readonly empty: readonly number[];
  /** Per policy, in the options' order. */
  readonly decisions: readonly (readonly number[])[];
  readonly exits: readonly ExitTimes[];
}

async function measureGroup(
  backbone: Backbone,
  group: readonly ProfileSubject[],
  image: TimedModel["feeds"],
  options: ProfileOptions,
  random: Random,
  job: Job,
): Promise<GroupTimes> {
  const sessions = new Map<GraphModel, InferenceSession>();
  const byModel = new Map<GraphModel, Timed[]>();
  const open = async ({ proto, feeds }: TimedModel, outputs?: readonly string[]): Promise<Timed> => {
    const session = sessions.get(proto) ?? (await openSession(encodeModel(proto), options));
    sessions.set(proto, session);
    await job.pause();
    const timed = { run: () => session.run(feeds, outputs ?? session.outputNames), times: [] };
    byModel.set(proto, [...(byModel.get(proto) ?? []), timed]);
    return timed;
  };
  try {
    const plain = await open({ proto: backbone.proto, feeds: image }, [backbone.summary.output.name]);
    const final = await open(finalModel(backbone, image));
    const empty = await open(emptyModel(backbone));
    const decisions: Timed[] = [];
    for (const policy of options.policies)
      decisions.push(await open(decisionModel(backbone, policy, random)));
    const exits = [];
    for (const subject of group) {
      const forced = forcedExitModels(backbone, subject, options.policies[0], image);
      const leave = await open(forced.leave);
      const pass = await open(forced.pass);
      const head = await open(headModel(backbone, subject, options.policies[0], random));
      exits.push({ subject, leave: leave.times, pass: pass.times, head: head.times });
    }
    await measureRounds([...byModel.values()], options.seconds, random, job);
    return {
      backbone: plain.times,
      final: final.times,
      empty: empty.times,
      decisions: decisions.map(({ times }) => times),
      exits,
    };
  } finally {
    for (const session of sessions.values()) await session.release();
  }
}

/** Scales all groups to the speed at which the backbone ran overall. */
function scaleGroups(groups: readonly GroupTimes[]): GroupTimes[] {
  const reference = interquartileMean(groups.flatMap((group) => group.backbone));
  return groups.map((group) => {
    const factor = reference / interquartileMean(group.backbone);
    const scale = (times: readonly number[]) => times.map((time) => time * factor);
    return {
      backbone: scale(group.backbone),
      final: scale(group.final),
      empty: scale(group.empty),
      decisions: group.decisions.map(scale),
      exits: group.exits.map(({ subject, leave, pass, head }) => ({
        subject,
        leave: scale(leave),
        pass: scale(pass),
        head: scale(head),
      })),
    };
  });
}

interface ExitLatencies {
  readonly subject: ProfileSubject;
  readonly prefix: Latency;
  readonly head: Latency;
}

function exitLatencies(groups: readonly GroupTimes[]): ExitLatencies[] {
  const timed = groups.flatMap(({ exits, final, empty }) =>
    exits.map((exit) => {
      const emptyMs = interquartileMean(empty);
      const headMs = interquartileMean(exit.head) - emptyMs;
      return { ...exit, emptyMs, branchMs: interquartileMean(exit.pass) - interquartileMean(final) - headMs };
    }),
  );
  const branchMs = timed.length === 0 ? 0 : Math.max(0, median(timed.map((exit) => exit.branchMs)));
  return timed.map(({ subject, leave, head: alone, emptyMs }) => {
    const head = shiftLatency(latencyOf(alone), branchMs - emptyMs);
    return { subject, head, prefix: shiftLatency(latencyOf(leave), -head.meanMs) };
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
