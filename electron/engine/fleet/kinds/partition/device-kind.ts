import { z } from "zod";
import { AppError } from "../../../../../shared/base/errors.ts";
import type { Job } from "../../../../../shared/base/job.ts";
import { scoreCount } from "../../../../../shared/model/backbone.ts";
import { linkSchema } from "../../../../../shared/model/link.ts";
import type { Plan } from "../../../../../shared/model/plan.ts";
import { implausible } from "../../../jobs/implausible.ts";
import type { JobKind, Wire } from "../../../jobs/job-kind.ts";
import { countedAway } from "../../../onnx/runtime.ts";
import { runExport } from "../../../stages/verify-stage.ts";
import { openDeviceHalf } from "../../../verify/deployed-half.ts";
import type { DeployedNetwork, openDeployed } from "../../../verify/deployed-network.ts";
import {
  checkRuns,
  openSubject,
  packSubject,
  plainRuns,
  runsSchema,
  type VerifySubject,
} from "../verify-kind.ts";
import { measureLink } from "./measure-link.ts";
import {
  meetingOf,
  meetingSeconds,
  type PartitionOptions,
  partitionNeeds,
  partitionOptionsSchema,
} from "./partition-options.ts";
import { type Talk, talkOver } from "./talk.ts";
import { tensorsIn, tensorsMessage } from "./tensor-bytes.ts";

const valueSchema = z.object({
  runs: runsSchema,
  /** As it was between the two halves. */
  link: linkSchema,
});

type PartitionedRuns = z.infer<typeof valueSchema>;

/** A sample that crosses is answered sooner, or the other half is lost. */
const answerMs = 60_000;
const greetMs = 1000;

/** One machine's sensor doesn't see what the plan takes on the other. */
const uncounted = { none: "no sensor counts both machines" };

/**
 * The first half of a partitioned plan, run beside the plain backbone: samples that don't leave cross to the worker with the other
 * half one at a time, and what each took in all is measured here, where the image is and the answer is wanted.
 */
export const deviceKind: JobKind<VerifySubject, PartitionOptions, PartitionedRuns> = {
  id: "partition-device",
  edition: 1,
  isMeasurement: true,
  options: partitionOptionsSchema,
  value: valueSchema,
  maxResultBytes: 0,
  needs: partitionNeeds,
  meeting: (options) => meetingOf(options, "device"),
  pack: (subject, options) => packSubject(subject, options, "device"),
  open: openSubject,
  run: async (subject, { plan, target, seconds }, { job, wire }) => {
    const talk = talkOver(wireOf(wire));
    await meet(talk, job);
    job.report(0, 1, "measuring the link");
    const link = await measureLink(talk, job);
    const { project, path, testOf } = subject;
    const open: typeof openDeployed = (folder, design, on, opening) =>
      openPartitioned(talk, folder, design, on, opening);
    const how = { target: { ...target, energySensor: "none" }, seconds };
    const runs = await runExport({ project, plan }, path, subject, how, job, { testOf, open });
    await talk.ask({ kind: "end" }, answerMs);
    return { value: { runs: { ...plainRuns(runs, subject), energySensor: uncounted }, link }, files: {} };
  },
  check: ({ value: { runs } }, subject, { plan, ...options }) => {
    checkRuns(runs, subject, plan.exits.length);
    const takenMs = [...runs.backbone.times, ...runs.plan.times].reduce((sum, ms) => sum + ms, 0);
    if (takenMs > 1000 * partitionNeeds({ plan, ...options }).seconds)
      throw implausible("its runs take longer than there was time");
  },
  isReusable: () => false,
};

/** @throws AppError 'usage' outside of a fleet */
export function wireOf(wire: Wire | undefined): Wire {
  if (wire) return wire;
  throw new AppError("usage", "halves of a plan are run by two workers of a fleet, not here");
}

/** Greets the other half until it answers. */
async function meet(talk: Talk, job: Job): Promise<void> {
  const started = performance.now();
  for (;;) {
    job.report(0, 1, "waiting for the worker with the other half");
    await job.pause();
    try {
      await talk.ask({ kind: "hello" }, greetMs);
      return;
    } catch (cause) {
      if (performance.now() - started > 1000 * meetingSeconds) throw cause;
    }
  }
}

/** The whole plan, of which the other side runs the second half. */
async function openPartitioned(
  talk: Talk,
  ...[folder, design, target, job]: Parameters<typeof openDeployed>
): Promise<DeployedNetwork> {
  const half = await openDeviceHalf(folder, design, target, job);
  const scores = scoreCount(design.backbone.output);
  return {
    pictures: half.pictures,
    run: async (...images) => {
      const went = await half.run(...images);
      if ("logits" in went) return went;
      const reply = await countedAway(talk.ask(tensorsMessage("sample", went.crossing), answerMs));
      return { logits: answerIn(reply, scores), exit: exitIn(reply.about, design.plan) };
    },
    release: half.release,
  };
}

function answerIn(reply: Parameters<typeof tensorsIn>[0], scores: number) {
  const [logits, ...more] = tensorsIn(reply);
  if (more.length === 0 && logits.type === "float32" && logits.size === scores) return logits;
  throw new AppError("fleet-unavailable", "the other half of the plan answers with no class scores");
}

function exitIn(about: unknown, { exits }: Plan): number {
  const { data } = z.object({ exit: z.number().int().min(0).max(exits.length) }).safeParse(about);
  if (data) return data.exit;
  throw new AppError("fleet-unavailable", "the other half of the plan lets samples leave nowhere");
}
