import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import { type Plan, planSchema } from "../../../../shared/model/plan.ts";
import { energySensorSchema } from "../../../../shared/model/profile.ts";
import { targetOptionsSchema, verifyOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { readRegularFile } from "../../../disk/regular-file.ts";
import type { DecodableSplit, ImageSplit } from "../../dataset/splits/image-split.ts";
import { implausible } from "../../jobs/implausible.ts";
import type { JobFiles, JobKind, OpeningContext } from "../../jobs/job-kind.ts";
import { openPackedDecoded } from "../../jobs/packed-decoded.ts";
import { openPackedImages } from "../../jobs/packed-images.ts";
import { type Member, newProject, type Project } from "../../project/project.ts";
import { planDesign } from "../../stages/plan-design.ts";
import { entryBeside, runExport, splitOf } from "../../stages/verify-stage.ts";
import type { Side } from "../../verify/deployed-network.ts";
import type { ModelRuns, VerifyInputs } from "../../verify/verify-model.ts";
import { openPackedProject, packProject } from "./packed-project.ts";
import { packFitting, type SentDecoded, type SentImages } from "./verify/pack-fitting.ts";
import { packExport, packedExportPath } from "./verify/packed-export.ts";

/** Exported files of a plan and the images that they are run on. */
export interface VerifySubject {
  readonly project: Project;
  /** The file, or the staged folder. */
  readonly path: string;
  readonly test: ImageSplit;
  /** The same images as a member of the project reads them, for plans that go through one. */
  readonly testOf?: (member: Member) => DecodableSplit;
  readonly expected: VerifyInputs["expected"];
  /** Places in the test split of the images that there are, where they aren't all. */
  readonly sent?: Int32Array;
}

const optionsSchema = z.strictObject({
  plan: planSchema,
  target: targetOptionsSchema,
  ...verifyOptionsSchema.shape,
});

type VerifyJobOptions = z.infer<typeof optionsSchema>;

const whole = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31);
const runSchema = {
  times: z.array(z.number().positive().max(1e9)).min(1),
  predicted: z.array(whole),
};
const mostRounds = 1000;
const energiesSchema = z
  .array(
    z.object({
      ms: z.number().nonnegative().max(1e12),
      wallMs: z.number().nonnegative().max(1e9),
      atMs: z.number().nonnegative().max(1e9),
      round: whole.max(mostRounds),
    }),
  )
  .min(1)
  .max(mostRounds);

/** What came of each sample that was run. */
export const runsSchema = z.object({
  places: z.array(whole).min(1),
  labels: z.array(whole),
  turnSamples: whole.min(1),
  backbone: z.object(runSchema),
  plan: z.object({ ...runSchema, exits: z.array(whole) }),
  energySensor: energySensorSchema,
  energies: z
    .object({
      backbone: energiesSchema,
      exits: z.array(z.object({ exit: whole, energies: energiesSchema })),
    })
    .optional(),
});

export type Runs = z.infer<typeof runsSchema>;

/** Place in the test split and class of each image, int32 in pairs. */
const samplesFile = "samples.bin";
const imagesFile = (network: number) => `images-${network}.bin`;
const decodedFile = (network: number) => `decoded-${network}.bin`;

/** What images may take on their way; of more, as many as fit are drawn class by class. */
const mostImageBytes = 256e6;

const openingSeconds = 600;

/** Exported files, run where they are to be deployed beside the plain backbone: what each sample took and was decided. */
export const verifyKind: JobKind<VerifySubject, VerifyJobOptions, Runs> = {
  id: "verify",
  edition: 1,
  isMeasurement: true,
  options: optionsSchema,
  value: runsSchema,
  maxResultBytes: 0,
  needs: ({ seconds, target }) => ({ seconds: openingSeconds + 3 * seconds, threads: target.threads }),
  pack: (subject, options) => packSubject(subject, options),
  open: openSubject,
  run: async (subject, { plan, target, seconds }, { job, energySensor }) => {
    const { project, path, testOf } = subject;
    const how = { target: { ...target, energySensor }, seconds };
    const runs = await runExport({ project, plan }, path, subject, how, job, { testOf });
    return { value: plainRuns(runs, subject), files: {} };
  },
  check: ({ value }, subject, { plan, seconds, target }) => {
    checkRuns(value, subject, plan.exits.length);
    const allowedMs = 1000 * verifyKind.needs({ plan, seconds, target }).seconds;
    const takenMs = [...value.backbone.times, ...value.plan.times].reduce((sum, ms) => sum + ms, 0);
    if (takenMs > allowedMs) throw implausible("its runs take longer than there was time");
  },
  // It is asked again to see whether the machine says the same once more.
  isReusable: () => false,
};

/** Runs as the rest of verification reads them. */
export function modelRuns({ places, ...runs }: Runs): ModelRuns {
  return { ...runs, places: Int32Array.from(places) };
}

export function plainRuns({ places, ...runs }: ModelRuns, { sent }: VerifySubject): Runs {
  const { backbone, plan, energySensor, energies } = runs;
  return {
    places: Array.from(places, (place) => sent?.[place] ?? place),
    labels: [...runs.labels],
    turnSamples: runs.turnSamples,
    backbone: { times: [...backbone.times], predicted: [...backbone.predicted] },
    plan: { times: [...plan.times], predicted: [...plan.predicted], exits: [...plan.exits] },
    energySensor,
    energies: energies && {
      backbone: [...energies.backbone],
      exits: energies.exits.map(({ exit, energies: own }) => ({ exit, energies: [...own] })),
    },
  };
}

/** Its preprocessing, which only a project with heads has, is needed where its image crosses as bytes: beside other networks. */
function backboneAlone(project: Project, side: Side | undefined): Project {
  const crossesAsBytes = side !== undefined && project.members.length > 0;
  return crossesAsBytes ? { ...project, members: [] } : newProject(project.backbone);
}

/** A member whose images the plan's files are run on. */
interface ReadMember {
  /** Among the project's networks, of which the backbone is the first. */
  readonly number: number;
  readonly member: Member;
  /** Whether its image is made of the decoded one. */
  readonly isDecoded: boolean;
}

function membersRead(project: Project, plan: Plan): ReadMember[] {
  if (!plan.chain) return [];
  return planDesign(project, plan).images.flatMap(({ backbone }) => {
    const index = project.members.findIndex((member) => member.backbone === backbone);
    if (index < 0) return [];
    const member = project.members[index];
    return [{ number: index + 1, member, isDecoded: entryBeside(project, member).kind === "own" }];
  });
}

export async function packSubject(
  subject: VerifySubject,
  { plan }: Pick<VerifyJobOptions, "plan">,
  side?: Side,
): Promise<JobFiles> {
  const { project, path, test, testOf, expected } = subject;
  const made: SentImages[] = [{ file: imagesFile(0), input: project.backbone.summary.input, split: test }];
  const decoded: SentDecoded[] = [];
  for (const { number, member, isDecoded } of membersRead(project, plan)) {
    const split = splitOf(member, testOf);
    if (isDecoded) decoded.push({ file: decodedFile(number), split });
    else made.push({ file: imagesFile(number), input: member.backbone.summary.input, split });
  }
  const { exit, labels = new Int32Array(exit.length) } = expected;
  const packed = await packFitting({ made, decoded }, labels, mostImageBytes);
  const pairs = Int32Array.from({ length: 2 * packed.places.length }, (_, at) =>
    at % 2 === 0 ? packed.places[at / 2] : packed.labels[(at - 1) / 2],
  );
  return {
    ...packProject(plan.chain ? project : backboneAlone(project, side)),
    ...(await packExport(path, plan, side)),
    ...packed.files,
    [samplesFile]: new Uint8Array(pairs.buffer),
  };
}

export async function openSubject(
  folder: string,
  { plan }: Pick<VerifyJobOptions, "plan">,
  context: OpeningContext,
): Promise<VerifySubject> {
  const project = await openPackedProject(folder, context);
  const bytes = await readRegularFile(join(folder, samplesFile), { maxBytes: mostImageBytes });
  const pairs = new Int32Array(new Uint8Array(bytes).buffer);
  const sent = pairs.filter((_, at) => at % 2 === 0);
  const labels = pairs.filter((_, at) => at % 2 === 1);
  const imagesOf = (number: number, { backbone: { summary } }: Pick<Member, "backbone">) =>
    openPackedImages(join(folder, imagesFile(number)), summary.input, labels);
  const test = await imagesOf(0, project);
  const splits = new Map<Member, DecodableSplit>();
  for (const { number, member, isDecoded } of membersRead(project, plan)) {
    const reader = { preprocess: member.preprocess, input: member.backbone.summary.input };
    const split = isDecoded
      ? await openPackedDecoded(join(folder, decodedFile(number)), reader, labels)
      : await imagesOf(number, member);
    splits.set(member, split);
  }
  const testOf = (member: Member) => {
    const split = splits.get(member);
    if (split) return split;
    throw new AppError("file-invalid", `the job holds no images for ${member.backbone.summary.name}`);
  };
  const expected = { exit: new Uint8Array(sent.length), predicted: undefined, labels };
  return { project, path: await packedExportPath(folder), test, testOf, expected, sent };
}

/** Whether these can be runs of images that were sent, of a plan with so many exits. */
export function checkRuns(
  { places, labels, backbone, plan, energies }: Runs,
  subject: VerifySubject,
  exits: number,
): void {
  const { expected, project } = subject;
  const count = places.length;
  const lists = [labels, backbone.times, backbone.predicted, plan.times, plan.predicted, plan.exits];
  if (lists.some(({ length }) => length !== count)) throw implausible("its lists aren't of one length");
  if (places.some((place, at) => at > 0 && place <= places[at - 1]))
    throw implausible("its samples don't rise");
  if (places[count - 1] >= expected.exit.length) throw implausible("it has samples that there aren't");
  if (expected.labels && labels.some((label, at) => label !== expected.labels![places[at]]))
    throw implausible("its samples are of other classes");
  const { classes } = project.backbone.summary.output;
  if ([...backbone.predicted, ...plan.predicted].some((answer) => answer >= classes))
    throw implausible("it answers with classes that there aren't");
  if (plan.exits.some((exit) => exit > exits)) throw implausible("samples leave at exits that there aren't");
  const counted = energies?.exits.map(({ exit }) => exit).sort((a, b) => a - b);
  const left = [...new Set(plan.exits)].sort((a, b) => a - b);
  if (counted && counted.join() !== left.join())
    throw implausible("its energies aren't those of the exits where samples leave");
}
