import { z } from "zod";
import type { Job } from "../../../../../shared/base/job.ts";
import { milliseconds } from "../../../../../shared/model/bounds.ts";
import type { TargetOptions } from "../../../../../shared/model/stage-options.ts";
import { inputArray } from "../../../dataset/splits/input-pixels.ts";
import { imageTensor } from "../../../dataset/splits/run-images.ts";
import { implausible } from "../../../jobs/implausible.ts";
import type { JobKind } from "../../../jobs/job-kind.ts";
import type { Backbone } from "../../../onnx/backbone.ts";
import { encodeModel } from "../../../onnx/codec.ts";
import { openSession, runClock } from "../../../onnx/runtime.ts";
import { interquartileMean } from "../../../profile/statistics.ts";
import { checkTarget } from "../../../profile/target.ts";
import { newProject, type Project } from "../../../project/project.ts";
import { openServerHalf, type ServerHalf } from "../../../verify/deployed-half.ts";
import { openPackedProject, packProject } from "../packed-project.ts";
import { packExport, packedExportPath } from "../verify/packed-export.ts";
import { wireOf } from "./device-kind.ts";
import {
  meetingOf,
  meetingSeconds,
  type PartitionOptions,
  partitionNeeds,
  partitionOptionsSchema,
} from "./partition-options.ts";
import { type Message, type Talk, talkOver } from "./talk.ts";
import { tensorsIn, tensorsMessage } from "./tensor-bytes.ts";

const valueSchema = z.object({
  /** Mean latency of the plain backbone here, just before: how fast this machine is now. */
  backboneMs: milliseconds.positive(),
  /** Samples that crossed. */
  crossed: z.number().int().nonnegative(),
});

type Served = z.infer<typeof valueSchema>;

/** The half of a plan that the server runs. */
export interface ServerSubject {
  readonly project: Pick<Project, "backbone">;
  /** The staged folder. */
  readonly path: string;
}

/** The plain backbone is run for so long, and at least so often. */
const paceMs = 1500;
const fewestRuns = 5;

/** Once the other half was there, it says something more often than this. */
const silenceMs = 120_000;

/** The second half of a partitioned plan: answers what crosses, one sample after the other, until it is told to end. */
export const serverKind: JobKind<ServerSubject, PartitionOptions, Served> = {
  id: "partition-server",
  edition: 1,
  isMeasurement: true,
  options: partitionOptionsSchema,
  value: valueSchema,
  maxResultBytes: 0,
  needs: partitionNeeds,
  meeting: (options) => meetingOf(options, "server"),
  pack: async ({ project, path }, { plan }) => ({
    ...packProject(newProject(project.backbone)),
    ...(await packExport(path, plan, "server")),
  }),
  open: async (folder, _options, context) => ({
    project: await openPackedProject(folder, context),
    path: await packedExportPath(folder),
  }),
  run: async ({ project: { backbone }, path }, { plan, target }, { job, wire }) => {
    await checkTarget(target);
    const half = await openServerHalf(path, { plan, backbone: backbone.summary }, target, job);
    try {
      const backboneMs = await paceOf(backbone, target, job);
      const crossed = await serve(talkOver(wireOf(wire)), half.run, job);
      return { value: { backboneMs, crossed }, files: {} };
    } finally {
      await half.release();
    }
  },
  check: ({ value }, _subject, options) => {
    if (value.backboneMs > 1000 * partitionNeeds(options).seconds)
      throw implausible("its backbone takes longer than there was time");
  },
  isReusable: () => false,
};

async function paceOf({ summary, proto }: Backbone, target: TargetOptions, job: Job): Promise<number> {
  const session = await openSession(encodeModel(proto), target);
  try {
    const image = imageTensor(summary, inputArray(summary.input, 1), 1);
    const times: number[] = [];
    const clock = runClock();
    const started = performance.now();
    while (times.length < fewestRuns || performance.now() - started < paceMs) {
      const begun = clock.wallMs();
      await session.run({ [summary.input.name]: image }, [summary.output.name]);
      times.push(clock.wallMs() - begun);
      await job.pause();
    }
    return interquartileMean(times.slice(1));
  } finally {
    await session.release();
  }
}

/** @returns how many samples crossed */
async function serve(talk: Talk, run: ServerHalf["run"], job: Job): Promise<number> {
  let [crossed, heardAt, isMet, isEnded] = [0, performance.now(), false, false];
  const answerTo = async (message: Required<Message>): Promise<Message> => {
    [heardAt, isMet] = [performance.now(), true];
    if (message.kind === "end") isEnded = true;
    if (message.kind !== "sample") return { kind: "heard" };
    const { logits, exit } = await run(tensorsIn(message));
    crossed++;
    return tensorsMessage("answer", [logits], { exit });
  };
  talk.answer(answerTo);
  while (!isEnded) {
    job.report(0, 1, isMet ? `${crossed} samples crossed` : "waiting for the worker with the other half");
    await job.pause();
    if (performance.now() - heardAt > (isMet ? silenceMs : 1000 * meetingSeconds))
      throw implausible("the worker with the other half has fallen silent");
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return crossed;
}

/** How often it looks whether it is to end. */
const lookMs = 50;
