import type { Job } from "../../../shared/base/job.ts";
import type { Random } from "../../../shared/base/random.ts";
import type { TargetOptions } from "../../../shared/model/stage-options.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { type InferenceSession, openSession } from "../onnx/runtime.ts";
import type { ExitPolicy } from "../policies/exit-policy.ts";
import type { ExitTimings, GroupTimings } from "./estimate/fit-latencies.ts";
import type { Timing } from "./estimate/timing.ts";
import type { Timed, TimedGroup } from "./measure-rounds.ts";
import {
  decisionModel,
  emptyModel,
  finalModel,
  forcedExitModels,
  headModel,
  type ProfileSubject,
  type TimedModel,
} from "./timed-models.ts";

/** Open sessions of everything that is timed side by side. */
export interface TimedSessions {
  readonly anchors: readonly TimedGroup[];
  readonly groups: readonly TimedGroup[];
  /** The exits' groups by subject: the network with the exit, and the head alone. */
  readonly exitGroups: readonly (readonly TimedGroup[])[];
  /** All of them, for whom nothing but the order of runs in a visit counts. */
  readonly subjects: readonly Timed[];
  /** What was timed so far. */
  timings(): GroupTimings;
  /** What was counted so far, mJ where times are ms. */
  energies(): GroupTimings;
  release(): Promise<void>;
}

/** Heads and decisions take some microseconds: a time is of several runs, for the clock's sake. */
const shortRuns = 8;

/** What passing an exit adds is one figure for all exits, so each is timed now and then only. */
const everyPass = 4;

/**
 * Opens the backbone, the backbone as a last stage, the decisions, and per subject the network with this exit and its head.
 * @throws AppError 'cancelled'; of the runtime
 */
export async function openTimedSessions(
  backbone: Backbone,
  subjects: readonly ProfileSubject[],
  image: TimedModel["feeds"],
  { policies, ...target }: TargetOptions & { readonly policies: readonly ExitPolicy[] },
  random: Random,
  job: Job,
): Promise<TimedSessions> {
  const sessions = new Map<GraphModel, InferenceSession>();
  const release = async () => {
    for (const session of sessions.values()) await session.release();
  };
  const open = async (
    { proto, feeds }: TimedModel,
    how: Partial<Timed> = {},
    outputs?: readonly string[],
  ) => {
    const session = sessions.get(proto) ?? (await openSession(encodeModel(proto), target));
    sessions.set(proto, session);
    await job.pause();
    const timed: Timed = {
      run: () => session.run(feeds, outputs ?? session.outputNames),
      timings: [],
      energies: [],
      ...how,
    };
    return timed;
  };
  try {
    const plain = await open({ proto: backbone.proto, feeds: image }, {}, [backbone.summary.output.name]);
    const final = await open(finalModel(backbone, image));
    const empty = await open(emptyModel(backbone), { runs: shortRuns });
    const decisions: Timed[] = [];
    for (const policy of policies)
      decisions.push(await open(decisionModel(backbone, policy, random), { runs: shortRuns }));
    const exits: { leave: Timed; pass: Timed; head: Timed }[] = [];
    for (const subject of subjects) {
      const forced = forcedExitModels(backbone, subject, policies[0], image);
      exits.push({
        leave: await open(forced.leave),
        pass: await open(forced.pass, { everyVisit: everyPass }),
        head: await open(headModel(backbone, subject, policies[0], random), { runs: shortRuns }),
      });
    }
    const exitGroups = exits.map(({ leave, pass, head }) => [[leave, pass], [head]]);
    const measured = (of: Measured): GroupTimings => ({
      rounds: 1 + (of(plain).at(-1)?.round ?? -1),
      backbone: of(plain),
      final: of(final),
      empty: of(empty),
      decisions: decisions.map(of),
      exits: exits.map((exit, index) => exitTimings(backbone, subjects[index], exit, of)),
    });
    return {
      anchors: [[plain], [final]],
      groups: [[empty], ...decisions.map((decision) => [decision]), ...exitGroups.flat()],
      exitGroups,
      subjects: [plain, final, empty, ...decisions, ...exits.flatMap((exit) => Object.values(exit))],
      timings: () => measured(({ timings }) => timings),
      energies: () => measured(({ energies = [] }) => energies),
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** What of a subject is meant: its times, or its energies. */
type Measured = (timed: Timed) => readonly Timing[];

function exitTimings(
  { summary }: Backbone,
  { cut, head }: ProfileSubject,
  { leave, pass, head: alone }: Readonly<Record<"leave" | "pass" | "head", Timed>>,
  of: Measured,
): ExitTimings {
  return {
    cut: summary.cutPoints.findIndex(({ tensor }) => tensor === cut.tensor),
    kind: head.kind,
    work: [1, cut.shape.reduce((product, dim) => product * dim, 1), head.macs],
    leave: of(leave),
    pass: of(pass),
    head: of(alone),
  };
}
