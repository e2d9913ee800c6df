import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { maxPastSearches, type PastSearch, pastSearchSchema } from "../../../shared/files/past-search.ts";
import { type Robustness, robustnessSchema } from "../../../shared/files/robustness.ts";
import { type OutputQuality, outputQualitySchema } from "../../../shared/files/summary.ts";
import type { TrainingRun } from "../../../shared/files/training-run.ts";
import { type BackboneSummary, backboneSummarySchema } from "../../../shared/model/backbone.ts";
import { amount, temperature } from "../../../shared/model/bounds.ts";
import { trainTrustSchema } from "../../../shared/model/data-trust.ts";
import { type Design, designSchema } from "../../../shared/model/design.ts";
import { maxNetworks, type Plan, planSchema } from "../../../shared/model/plan.ts";
import { type Preprocess, preprocessSchema } from "../../../shared/model/preprocess.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { type ReferenceModel, referenceModelSchema } from "../../../shared/model/reference-model.ts";
import { trainOptionsSchema } from "../../../shared/model/stage-options.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";

/** More than anybody measures: each is a file of its own in the archive. */
const maxProfiles = 1000;

const projectDataSchema = z.object({
  path: z.string(),
  format: z.string(),
  classNames: z.array(z.string()),
  /** Projects that don't say where calibration images come from were made when that was always the training images. */
  splitOptions: z
    .record(z.string(), z.unknown())
    .transform((options): Record<string, unknown> => ({ calibrationFrom: "train", ...options })),
  /** The images that heads learnt from beside the test split, which no table is of; absent from older files. */
  trainTrust: trainTrustSchema.optional(),
  /** What the heads were trained with, for networks that are added later; absent from older files. */
  training: z
    .object({
      heads: z.array(z.object({ kind: z.string(), options: z.record(z.string(), z.unknown()) })),
      /** Whether networks that bring exits of their own got no more. */
      spareReady: z.boolean().optional(),
      options: trainOptionsSchema,
    })
    .optional(),
});

/** The newest version of the format that is read, and the one that is written. */
export const newestVersion = 2;

/** The first entry of the archive: what it holds. */
export const projectFileName = "project.json";

/** Networks that a project may hold beside the backbone; of each, and of the backbone, one that was tuned may stand beside it. */
export const maxMembers = maxNetworks - 1;

/** What `project.json` says of a network; its model, heads and tables are beside it in the archive. */
const modelFileSchema = z.object({
  /** Who it is follows from the model in the archive. */
  backbone: backboneSummarySchema.omit({ sha256: true, graphSha256: true }),
  heads: z.array(
    z.object({
      cutPoint: z.string(),
      kind: z.string(),
      /** For older Offramps; what a head costs follows from its model. */
      macs: amount,
      bytes: amount,
      temperature,
    }),
  ),
  backboneTemperature: temperature,
  /** By policy, per head and class; absent from files that were made before there were policies per class. */
  classOffsets: z.record(z.string(), z.array(z.array(z.number()))).default({}),
  outputs: z.array(outputQualitySchema),
});

const memberFileSchema = modelFileSchema.extend({
  preprocess: preprocessSchema,
  /** SHA-256 of the network of the project that it was tuned from; absent of one that came as it is. */
  tunedFrom: z.string().optional(),
});

/** The format of `project.json` inside a `.offramp` file; the larger parts are beside it in the archive. */
export const projectFileSchema = modelFileSchema.extend({
  format: z.literal("offramp-project"),
  version: z.literal(newestVersion),
  /** Null, like `data`, before heads are trained. */
  preprocess: preprocessSchema.nullable(),
  data: projectDataSchema.nullable(),
  /** Those that have tables in the archive; those per class are made from them and `classOffsets`. */
  policies: z.array(z.string()),
  /** Absent where the backbone is alone; the policies are the same. */
  members: z
    .array(memberFileSchema)
    .min(1)
    .max(maxMembers + maxNetworks)
    .optional(),
  profiles: z.number().int().nonnegative().max(maxProfiles),
  plans: z.array(planSchema),
  /** Absent, like `references`, from files made by the command line. */
  design: designSchema.nullable().default(null),
  references: z.array(referenceModelSchema).default([]),
  /** The latest last; absent from older files. */
  searches: z.array(pastSearchSchema).max(maxPastSearches).default([]),
  /** Absent before a plan was tried on corrupted images, and from older files. */
  robustness: robustnessSchema.optional(),
});

export type ModelFile = z.infer<typeof modelFileSchema>;
export type MemberFile = z.infer<typeof memberFileSchema>;
export type ProjectFile = z.infer<typeof projectFileSchema>;

export type ProjectData = z.infer<typeof projectDataSchema>;

/** A network with its heads, calibrated on the project's data. */
export interface CalibratedModel {
  readonly backbone: Backbone;
  readonly heads: readonly Head[];
  /** One per head, the backbone's own output last. */
  readonly temperatures: readonly number[];
  /** By policy of thresholds per class, one per head: by how much each class shifts the confidence [classes], log odds. */
  readonly classOffsets: ReadonlyMap<string, readonly Float32Array[]>;
  readonly tables: { readonly calibration: PolicyTables; readonly test: PolicyTables };
  readonly outputs: readonly OutputQuality[];
}

/** A further network for the same classes, which a plan may begin with; its tables are of the same samples. */
export interface Member extends CalibratedModel {
  /** Before training a stand-in; training makes it the backbone's way of making images, at the member's own size. */
  readonly preprocess: Preprocess;
  /** SHA-256 of the network of the project, as it came, that it was tuned from: the same graph with other weights. */
  readonly tunedFrom?: string;
}

/** Everything that exploring needs, without the data set and without the target. */
export interface Project extends CalibratedModel {
  /** Null, like `data`, before heads are trained; then there are no heads, tables and outputs either. */
  readonly preprocess: Preprocess | null;
  readonly data: ProjectData | null;
  readonly members: readonly Member[];
  readonly profiles: readonly Profile[];
  readonly front: FrontFile | undefined;
  readonly plans: readonly Plan[];
  readonly design: Design | null;
  readonly references: readonly ReferenceModel[];
  /** What was searched in this project, the latest last. */
  readonly searches: readonly PastSearch[];
  /** What became of the plan that was tried last on corrupted images, if one was. */
  readonly robustness?: Robustness;
  /** The trainings of heads, the latest last. */
  readonly runs: readonly TrainingRun[];
}

/** A project with heads, calibrated on a data set. */
export interface TrainedProject extends Project {
  readonly preprocess: Preprocess;
  readonly data: ProjectData;
}

/** A network as it starts: nothing is made of it yet. */
export function untrainedModel(backbone: Backbone): CalibratedModel {
  return {
    backbone,
    heads: [],
    temperatures: [1],
    classOffsets: new Map(),
    tables: { calibration: new Map(), test: new Map() },
    outputs: [],
  };
}

/** A project as it starts: a model and nothing made of it. */
export function newProject(backbone: Backbone): Project {
  return {
    ...untrainedModel(backbone),
    preprocess: null,
    data: null,
    members: [],
    profiles: [],
    front: undefined,
    plans: [],
    design: null,
    references: [],
    searches: [],
    runs: [],
  };
}

/** Where an archive keeps what belongs to a member, by its number. */
export function memberFolder(index: number): string {
  return `members/${index}/`;
}

/** The networks of a project as plans, profiles and people name them, the backbone first. */
export function networkNames({
  backbone,
  members,
}: Pick<Project, "backbone" | "members">): (BackboneSummary & Pick<Member, "tunedFrom">)[] {
  return [
    backbone.summary,
    ...members.map((member) => ({ ...member.backbone.summary, tunedFrom: member.tunedFrom })),
  ];
}

/**
 * The network that an exit belongs to.
 * @param member SHA-256 of a member; the backbone if absent
 * @throws AppError 'file-invalid' if the project has no such member
 */
export function networkOf(project: Project, member?: string): CalibratedModel {
  const found =
    member === undefined
      ? project
      : project.members.find(({ backbone }) => backbone.summary.sha256 === member);
  if (found) return found;
  throw new AppError(
    "file-invalid",
    `the plan has an exit in a network (${member?.slice(0, 8)}…) that is no member of the project; ` +
      "take the project that the plan was made with",
    { missing: "plan" },
  );
}

/** @throws AppError 'usage' if the project holds no heads yet */
export function trainedProject(project: Project): TrainedProject {
  const { preprocess, data, backbone } = project;
  if (preprocess && data) return { ...project, preprocess, data };
  throw new AppError(
    "usage",
    `the project of ${backbone.summary.name} holds no exit heads yet; train them on a data set first`,
  );
}
