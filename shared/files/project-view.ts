import { z } from "zod";
import { backboneSummarySchema } from "../model/backbone.ts";
import { dataTrustSchema } from "../model/data-trust.ts";
import { familyOf } from "../model/families.ts";
import { outputHead, type PlanExit, planSchema } from "../model/plan.ts";
import { preprocessSchema } from "../model/preprocess.ts";
import { profileSchema } from "../model/profile.ts";
import { referenceModelSchema } from "../model/reference-model.ts";
import { frontFileSchema } from "./front-file.ts";
import { pastSearchSchema } from "./past-search.ts";
import { robustnessSchema } from "./robustness.ts";
import { type OutputQuality, outputQualitySchema } from "./summary.ts";
import { trainingRunSchema } from "./training-run.ts";

/** A trained head as far as exploring needs it; its weights stay in the engine. */
const headViewSchema = z.object({
  cutPoint: z.string(),
  kind: z.string(),
  macs: z.number(),
  bytes: z.number(),
  temperature: z.number(),
});

/** A network with its heads, calibrated on the project's data. */
const networkViewSchema = z.object({
  backbone: backboneSummarySchema,
  /** How its images are made; null before there is data. */
  preprocess: preprocessSchema.nullable(),
  /** Rows of every confidence table, in this order; the network's own output is the last row. */
  heads: z.array(headViewSchema),
  outputs: z.array(outputQualitySchema),
  /** SHA-256 of the network that it was tuned from; absent of one that came as it is. */
  tunedFrom: z.string().optional(),
});

/** The data set that the heads were trained with. */
const dataSummarySchema = z.object({
  path: z.string(),
  format: z.string(),
  classNames: z.array(z.string()),
  splitOptions: z.record(z.string(), z.unknown()),
  /** Whether it is there now, for images and verification. */
  available: z.boolean(),
});

/** A project without its tensors: what the window shows. Parts that no stage has made yet are null or empty. */
export const projectViewSchema = networkViewSchema.extend({
  /** Rises with every change: which of two views of one engine is the newer, and whether a change is in it. */
  revision: z.number().int().nonnegative(),
  /** File name without extension. */
  name: z.string(),
  /** The `.offramp` file that it was opened from. */
  projectPath: z.string().nullable(),
  /** The `.onnx` file that it was opened from. */
  modelPath: z.string().nullable(),
  data: dataSummarySchema.nullable(),
  /** Exit policies that there are confidence tables for. */
  policies: z.array(z.string()),
  /** Samples that plans are chosen on, those of every table: of the calibration split, or all held-out ones; 0 before calibration. */
  samples: z.number().int().nonnegative(),
  /** Null before calibration. */
  trust: dataTrustSchema.nullable(),
  /** Networks beside the backbone, which the view's own fields are of. */
  members: z.array(networkViewSchema),
  profiles: z.array(profileSchema),
  front: frontFileSchema.nullable(),
  /** Whether the search that made the front was stopped, and continues where it was if it is asked for again. */
  canGoOn: z.boolean(),
  plans: z.array(planSchema),
  references: z.array(referenceModelSchema),
  /** The latest last, which is the front's own. */
  searches: z.array(pastSearchSchema),
  /** Null before a plan was tried on corrupted images. */
  robustness: robustnessSchema.nullable(),
  /** Trainings of heads, the latest last. */
  runs: z.array(trainingRunSchema),
});

export type DataSummary = Readonly<z.infer<typeof dataSummarySchema>>;
export type NetworkView = Readonly<z.infer<typeof networkViewSchema>>;
export type ProjectView = Readonly<z.infer<typeof projectViewSchema>>;

/** The networks of a project, the backbone first; none without a project. */
export function networkViews(project: ProjectView | null): readonly NetworkView[] {
  return project ? [project, ...project.members] : [];
}

/** See `familyOf`. @param sha256 of a network of the project */
export function familyIn({ members }: Pick<ProjectView, "members">, sha256: string): string {
  const member = members.find(({ backbone }) => backbone.sha256 === sha256);
  return familyOf({ sha256, tunedFrom: member?.tunedFrom });
}

/**
 * The network of a project that an exit belongs to; undefined if there is none such.
 * @param member its SHA-256; the backbone if absent
 */
export function networkOf(project: ProjectView, member: string | undefined): NetworkView | undefined {
  return member === undefined ? project : project.members.find(({ backbone }) => backbone.sha256 === member);
}

/** How good an exit's answers are on the test split; its network's own output where it stands there. */
export function outputQuality(
  { outputs }: Pick<NetworkView, "outputs">,
  { cutPoint, head }: Pick<PlanExit, "cutPoint" | "head">,
): OutputQuality | undefined {
  return head === outputHead
    ? outputs.find((output) => output.cutPoint === null)
    : outputs.find((output) => output.cutPoint === cutPoint && output.head === head);
}
