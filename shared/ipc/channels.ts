import { z } from "zod";
import { fieldReportSchema } from "../field/field-report.ts";
import { chartedPlanSchema } from "../files/front-file.ts";
import { otherFrontSchema } from "../files/other-front.ts";
import { projectViewSchema } from "../files/project-view.ts";
import { summarySchema } from "../files/summary.ts";
import { fleetNameSchema } from "../fleet/fleet-names.ts";
import { filesOfChoice, serverChoiceSchema } from "../fleet/server-choice.ts";
import { workerStateSchema } from "../fleet/worker-state.ts";
import { backboneCheckSchema } from "../model/backbone-check.ts";
import { designSchema, maxPinnedPlans, secondTargetSchema } from "../model/design.ts";
import { longestPointName } from "../model/operating-points.ts";
import { planFiguresSchema, planSchema } from "../model/plan.ts";
import { preprocessSchema } from "../model/preprocess.ts";
import { pythonSchema } from "../model/python.ts";
import { robustnessOptionsSchema } from "../model/robustness-options.ts";
import {
  profileOptionsSchema,
  quantiseOptionsSchema,
  searchOptionsSchema,
  splitOptionsSchema,
  trainOptionsSchema,
  verifyOptionsSchema,
} from "../model/stage-options.ts";
import { providerViewSchema } from "../model/this-machine.ts";
import { tuneOptionsSchema } from "../model/tune-options.ts";
import { tunedEpochSchema } from "../model/tuned-epoch.ts";
import { useCaseSchema } from "../model/use-case.ts";
import { networkDifferenceSchema } from "../presentation/graph/compare-networks.ts";
import { answeredSchema, dataViewSchema, thumbnailSchema } from "./images.ts";
import { settingsChangeSchema, settingsSchema } from "./settings.ts";
import { engineViewSchema } from "./variants.ts";
import { weightViewSchema } from "./weights.ts";

/** One request of the window. Everything that crosses a process border is parsed by these schemas on both sides. */
export interface Channel<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  /** Who answers: the main process, or the engine, to which the main process passes it on. */
  readonly by: "main" | "engine";
  readonly request: Request;
  readonly response: Response;
  /** It asks the person: while one is open, no other is. */
  readonly isDialog?: true;
  /** It keeps this machine busy, so the other windows are told. */
  readonly isWork?: true;
  /** Paths in the request that are read or written; the person must have chosen them, or the request is refused. */
  paths?(request: z.output<Request>): readonly string[];
  /** Programs in the request that are run; the person must have chosen them as such. */
  programs?(request: z.output<Request>): readonly string[];
}

function channel<By extends Channel["by"], Request extends z.ZodType, Response extends z.ZodType>(
  by: By,
  request: Request,
  response: Response,
  paths?: (request: z.output<Request>) => readonly string[],
): Channel<Request, Response> & { readonly by: By } {
  return { by, request, response, paths };
}

/** A request that has a program run, which it names as `python`; null: one that the engine finds. */
function running<Request extends z.ZodType<{ readonly python: string | null }>, Response extends z.ZodType>(
  request: Request,
  response: Response,
  paths?: (request: z.output<Request>) => readonly string[],
) {
  const programs = ({ python }: z.output<Request>) => (python === null ? [] : [python]);
  return { ...channel("engine", request, response, paths), programs } as const;
}

function work<Request extends z.ZodType, Response extends z.ZodType>(
  request: Request,
  response: Response,
  paths?: (request: z.output<Request>) => readonly string[],
) {
  return { ...channel("engine", request, response, paths), isWork: true } as const;
}

function dialog<Request extends z.ZodType, Response extends z.ZodType>(request: Request, response: Response) {
  return { ...channel("main", request, response), isDialog: true } as const;
}

/** Longer than any system's. */
export const maxPathLength = 32_767;

const nothing = z.object({});
const path = z.string().min(1).max(maxPathLength);
const profileId = z.string();
/** Height and width. */
const inputSize = z.tuple([z.number().int(), z.number().int()]);
const chosenPath = z.object({ path: path.nullable() });

const opened = z.object({
  project: projectViewSchema,
  /** Null if the file brings none: a model, or a project made by the command line. */
  design: designSchema.nullable(),
});

const confidenceTable = z.object({
  policy: z.string(),
  exits: z.number().int(),
  samples: z.number().int(),
  /** Row-major [exits + 1, samples]; the backbone's own output is the last row. */
  confidence: z.instanceof(Float32Array),
  correct: z.instanceof(Uint8Array),
  predicted: z.instanceof(Int32Array).optional(),
  /** Row-major [exits, classes], log odds; only under policies of thresholds per class. */
  classOffsets: z.instanceof(Float32Array).optional(),
  /** Class of each sample [samples]. */
  labels: z.instanceof(Int32Array).optional(),
});

/** Predicted beside measured, with what is to be said of it. */
const verifiedPlan = summarySchema.pick({
  backbone: true,
  plan: true,
  speedup: true,
  verification: true,
  speedupPredicted: true,
  accuracyDropPp: true,
  accuracyDropHalfWidthPp: true,
  crossFit: true,
  latencyErrorPct: true,
  machineDriftPct: true,
  decisionAgreement: true,
  verdict: true,
  weighted: true,
});

/** What an export wrote, and how it did when it was verified. */
const exportResult = z.object({
  folder: z.string(),
  files: z.array(z.string()),
  /** Null if it was not verified; `unverified` says why. */
  verification: verifiedPlan.nullable(),
  unverified: z.string().nullable(),
  /** The worker that it was verified on; null if that was here, or not at all. */
  verifiedOn: z.string().nullable(),
  /** The same files at each of their operating points, if they were verified. */
  points: z.array(z.object({ name: z.string(), verification: verifiedPlan })),
});

/** What was opened or saved last, newest first. */
export const recentFilesSchema = z.array(
  z.object({ path, kind: z.enum(["project", "model"]), exists: z.boolean() }),
);

const file = (purpose: readonly [string, ...string[]]) => z.object({ purpose: z.enum(purpose) });

/** The model's classes in the order of its scores, and where that comes from. */
const classChoiceSchema = z.object({ names: z.array(z.string()).min(2).max(65_536), from: z.string() });

/** A data set, and how it is prepared for the model. */
const dataChoiceSchema = z.object({
  path,
  preprocess: preprocessSchema,
  splits: splitOptionsSchema,
  /** If absent, whatever else gives the order of the classes. */
  classes: classChoiceSchema.optional(),
});

/** A place of a network where an exit is tuned. */
const tunedExitSchema = z.object({ cutPoint: z.string(), head: z.string() });

/** A network that learns together with its exits, and where. */
const tuningSchema = z.object({
  /** SHA-256; the backbone's if absent. */
  network: z.string().optional(),
  /** Those that the front uses most if absent. */
  exits: z.array(tunedExitSchema).min(1).optional(),
  options: tuneOptionsSchema,
});

/** Every request that the window can make: channel to schemas. */
export const channels = {
  /* the app itself */
  "app.info": channel(
    "main",
    nothing,
    z.object({
      version: z.string(),
      versions: z.record(z.string(), z.string()),
      platform: z.string(),
      settings: settingsSchema,
      recent: recentFilesSchema,
      /** A file that this window was opened for. */
      launchPath: path.nullable(),
      /** Work of a run that ended without saving. */
      recovery: z.object({ name: z.string(), savedAt: z.string() }).nullable(),
    }),
  ),
  "settings.set": channel("main", settingsChangeSchema, nothing, ({ fleet }) =>
    fleet ? filesOfChoice(fleet) : [],
  ),
  "recent.clear": channel("main", nothing, nothing),
  "window.document": channel(
    "main",
    z.object({ title: z.string(), path: path.nullable(), edited: z.boolean() }),
    nothing,
  ),
  /** Answer to the event `close`: whether the window may go now. */
  "window.close": channel("main", z.object({ agreed: z.boolean() }), nothing),
  /** One more window, with an engine of its own, that opens the file, if any. */
  "window.new": channel("main", z.object({ path: path.nullable() }), nothing, (request) =>
    request.path === null ? [] : [request.path],
  ),
  /** Has the other window that works on a project file come to the front, if there is one. */
  "window.showHolder": channel("main", z.object({ path }), z.object({ isShown: z.boolean() }), (request) => [
    request.path,
  ]),
  "engine.restart": channel("main", nothing, nothing),
  "dialog.open": dialog(
    file([
      "any",
      "model",
      "profile",
      "reference",
      "member",
      "dataFolder",
      "dataFile",
      "classList",
      "front",
      "compared",
      "fieldCounts",
      "exportFolder",
      "tuneFolder",
      "credentials",
      "python",
    ]),
    chosenPath,
  ),
  "dialog.saveProject": dialog(z.object({ name: z.string() }), chosenPath),
  "dialog.saveModel": dialog(z.object({ name: z.string() }), chosenPath),
  /** "Save changes?" before something replaces the document. */
  "dialog.unsaved": dialog(
    z.object({ name: z.string() }),
    z.object({ choice: z.enum(["save", "discard", "cancel"]) }),
  ),
  /** Asks for a place and writes there, whole or not at all. */
  "file.save": dialog(
    z.object({ name: z.string(), content: z.union([z.string(), z.instanceof(Uint8Array)]) }),
    chosenPath,
  ),
  "clipboard.write": channel("main", z.object({ text: z.string() }), nothing),
  /** Shows a file or folder in the system's file manager. */
  "shell.show": channel("main", z.object({ path }), nothing, (request) => [request.path]),
  "shell.openExternal": channel("main", z.object({ url: z.string() }), nothing),
  /** The design as it is now, kept for recovery after a crash. */
  "journal.write": channel("main", z.object({ design: designSchema, edited: z.boolean() }), nothing),
  /** Opens what `app.info` named as recovery. */
  "journal.recover": channel("main", nothing, opened),
  "journal.discard": channel("main", nothing, nothing),
  /** What was open was closed, and its changes saved or given up. */
  "journal.clear": channel("main", nothing, nothing),

  /* the engine */
  "engine.describe": channel("engine", nothing, engineViewSchema),
  /** Which execution providers work on this machine; takes a moment the first time, for each is tried. */
  "engine.providers": channel("engine", nothing, z.object({ providers: z.array(providerViewSchema) })),
  /** Who is there of the fleet, and what they do. */
  "fleet.workers": channel(
    "engine",
    z.object({ server: serverChoiceSchema }),
    z.object({
      /** The server's; null if none is named anywhere. */
      address: z.string().nullable(),
      workers: z.array(workerStateSchema),
    }),
    ({ server }) => filesOfChoice(server),
  ),
  "model.open": channel(
    "engine",
    z.object({
      path,
      inputSize: inputSize.optional(),
      /** Tensor that holds the class scores, where they can't be told from other outputs. */
      output: z.string().optional(),
    }),
    opened,
    (request) => [request.path],
  ),
  "project.open": channel(
    "engine",
    z.object({
      path,
      /** Who the project is, if `path` is only where its journal lies: the view says this, not the path's name. */
      as: z.object({ name: z.string(), projectPath: path.nullable(), modelPath: path.nullable() }).optional(),
    }),
    opened,
    (request) => [request.path],
  ),
  "project.sample": channel("engine", nothing, opened),
  /** What an operator reads that doesn't depend on the image. */
  "model.weights": channel(
    "engine",
    z.object({ member: z.string().optional(), node: z.string() }),
    z.object({ weights: z.array(weightViewSchema) }),
  ),
  /** One of these as NumPy's file. */
  "model.weightFile": channel(
    "engine",
    z.object({ member: z.string().optional(), node: z.string(), weight: z.string() }),
    z.object({ npy: z.instanceof(Uint8Array) }),
  ),
  "project.save": channel(
    "engine",
    z.object({
      path,
      design: designSchema,
      /** For recovery: the project stays what it is, and `path` doesn't become its file. */
      copy: z.boolean().default(false),
    }),
    nothing,
    (request) => [request.path],
  ),
  /** A network's table of the calibration split under one policy: all that live what-if needs. */
  "project.table": channel(
    "engine",
    z.object({
      policy: z.string(),
      /** SHA-256 of a further network; the backbone if absent. */
      member: z.string().optional(),
    }),
    confidenceTable,
  ),
  /** Calibrates for a policy of thresholds per class, if the project isn't yet; the target's profile has to know it. */
  "project.addPolicy": channel(
    "engine",
    z.object({ policy: z.string(), target: profileId.optional() }),
    projectViewSchema,
  ),
  "project.images": channel(
    "engine",
    z.object({
      /** Indices into the samples of the tables. */
      samples: z.array(z.number().int().nonnegative()).max(200),
    }),
    z.object({ images: z.array(thumbnailSchema) }),
  ),
  "data.inspect": channel("engine", dataChoiceSchema, dataViewSchema, (request) => [request.path]),
  /** Whether a data set is still where it was. */
  "data.exists": channel("engine", z.object({ path }), z.object({ exists: z.boolean() }), (request) => [
    request.path,
  ]),
  /** Whether the backbone performs as it should with this choice, or far better with another. */
  "data.check": channel("engine", dataChoiceSchema, backboneCheckSchema, (request) => [request.path]),
  /** What the backbone answers to all calibration images under this choice. */
  "data.answers": channel("engine", dataChoiceSchema, answeredSchema, (request) => [request.path]),
  /** Reads a file that lists the model's classes. */
  "data.classes": channel("engine", z.object({ path }), classChoiceSchema, (request) => [request.path]),
  /** Load, check, train and calibrate; progress by stage. */
  "project.train": work(
    dataChoiceSchema.extend({
      /** None where the backbone brings its exits. */
      heads: z.array(z.object({ kind: z.string(), options: z.record(z.string(), z.unknown()) })),
      /** Whether networks that bring exits of their own get no more. */
      spareReady: z.boolean().optional(),
      training: trainOptionsSchema,
      /** Train even if the backbone is no better than chance. */
      force: z.boolean().default(false),
    }),
    projectViewSchema,
    (request) => [request.path],
  ),
  "project.profile": work(profileOptionsSchema, projectViewSchema),
  /** The same on workers of a fleet, all at once; one that fails doesn't take the others' profiles away. */
  "project.profileOn": channel(
    "engine",
    profileOptionsSchema.extend({
      server: serverChoiceSchema,
      workers: z.array(fleetNameSchema).min(1).max(64),
    }),
    z.object({
      project: projectViewSchema,
      /** Those that failed, and why. */
      failures: z.array(z.object({ worker: z.string(), message: z.string() })),
    }),
    ({ server }) => filesOfChoice(server),
  ),
  "project.importProfile": channel("engine", z.object({ path }), projectViewSchema, (request) => [
    request.path,
  ]),
  "project.removeProfile": channel("engine", z.object({ id: profileId }), projectViewSchema),
  "project.search": work(
    z.object({
      target: profileId,
      /** Plans may be partitioned for it, and where is searched as well; plans of the target alone if absent. */
      offload: secondTargetSchema.optional(),
      options: searchOptionsSchema,
    }),
    projectViewSchema,
  ),
  /** The running search ends with what it has found, as if its time were up; asked for again, it continues. */
  "project.stopSearch": channel("engine", nothing, nothing),
  /**
   * A further network for the same classes, which plans may go through; of a trained project with heads as the backbone has
   * them, and timed on a target of this machine.
   */
  "project.addMember": work(
    z.object({
      path,
      output: z.string().optional(),
      inputSize: inputSize.optional(),
      /** How its images are made; as the backbone's, at its own size, if absent. */
      preprocess: preprocessSchema.optional(),
      /** Whose profile is to have its latencies. */
      target: profileId.optional(),
      /** SHA-256 of the network that the file has to hold. */
      expected: z.string().optional(),
    }),
    projectViewSchema,
    (request) => [request.path],
  ),
  "project.removeMember": channel("engine", z.object({ sha256: z.string() }), projectViewSchema),
  /** The Python at a path, else the first found here, that has what tuning needs. */
  "python.find": running(z.object({ python: path.nullable() }), pythonSchema),
  /** Trains a network with its exits in PyTorch, or goes on; the result joins the project as one more network. */
  "project.tune": {
    ...running(
      tuningSchema.extend({
        python: path.nullable(),
        /** More than one are started by PyTorch's own launcher. */
        processes: z.number().int().min(1).max(1024),
        /** Beside the project, or among the app's own files, if null. */
        folder: path.nullable(),
      }),
      projectViewSchema,
      ({ folder }) => (folder === null ? [] : [folder]),
    ),
    isWork: true,
  },
  /** Writes all that a training elsewhere needs. */
  "project.writeTuning": channel("engine", tuningSchema.extend({ folder: path }), nothing, (request) => [
    request.folder,
  ]),
  /** Takes back what was trained in a folder that was written for this project. */
  "project.takeTuning": channel("engine", z.object({ folder: path }), projectViewSchema, (request) => [
    request.folder,
  ]),
  "project.addReference": channel(
    "engine",
    z.object({ path, target: profileId, output: z.string().optional() }),
    projectViewSchema,
    (request) => [request.path],
  ),
  /** The front of another project, out of its file or a `front.json`, to be laid over the chart. */
  "compare.front": channel("engine", z.object({ path }), otherFrontSchema, (request) => [request.path]),
  /** Which blocks differ between the open project's backbone and another model's or project's. */
  "compare.model": channel("engine", z.object({ path }), networkDifferenceSchema, (request) => [
    request.path,
  ]),
  /** What counts from the field say of the plan that they are of. */
  "field.open": channel(
    "engine",
    z.object({
      path,
      target: profileId,
      /** For plans that a server takes over in. */
      offload: secondTargetSchema.optional(),
      classWeights: useCaseSchema.shape.classWeights,
    }),
    z.object({ name: z.string(), plan: planSchema, report: fieldReportSchema }),
    (request) => [request.path],
  ),
  "project.removeReference": channel("engine", z.object({ sha256: z.string() }), projectViewSchema),
  /** The backbone with 8-bit integers as a reference model. */
  "project.quantise": work(
    z.object({ target: profileId, options: quantiseOptionsSchema }),
    projectViewSchema,
  ),
  /** Writes such a reference model as an ONNX file. */
  "project.saveQuantised": channel("engine", z.object({ path, sha256: z.string() }), nothing, (request) => [
    request.path,
  ]),
  /** Tries a plan, and those of the front, on corrupted test images. */
  "project.tryCorrupted": work(
    z.object({ plan: planSchema, target: profileId, options: robustnessOptionsSchema }),
    projectViewSchema,
  ),
  /** The plan with exits that answer together, fitted to the calibration images, and what both do there. */
  "project.ensemble": work(
    z.object({ plan: planSchema, target: profileId, classWeights: useCaseSchema.shape.classWeights }),
    z.object({ plan: planSchema, together: planFiguresSchema, alone: planFiguresSchema }),
  ),
  "project.export": work(
    z.object({
      folder: path,
      plan: planSchema,
      target: profileId,
      /** By which the plan is judged; the last search's if absent. */
      useCase: useCaseSchema.optional(),
      formats: z.array(z.string()),
      /** Plans of the same exits that the files can be run as, too; none if absent. */
      points: z
        .array(z.object({ name: z.string().min(1).max(longestPointName), plan: planSchema }))
        .max(maxPinnedPlans)
        .refine((points) => new Set(points.map(({ name }) => name)).size === points.length, {
          message: "operating points of one export need names of their own",
        })
        .optional(),
      report: z.boolean(),
      verify: z.boolean(),
      /** How to verify; as by default if absent. */
      verifying: verifyOptionsSchema.optional(),
      /** The worker that the files are verified on; this machine if absent. */
      on: z.object({ server: serverChoiceSchema, worker: fleetNameSchema }).optional(),
    }),
    exportResult,
    ({ folder, on }) => [folder, ...(on ? filesOfChoice(on.server) : [])],
  ),
} as const satisfies Record<string, Channel>;

export type Channels = typeof channels;
export type ChannelName = keyof Channels;
export type Request<Name extends ChannelName> = z.input<Channels[Name]["request"]>;
export type Response<Name extends ChannelName> = z.output<Channels[Name]["response"]>;

export type ChannelsBy<By extends Channel["by"]> = {
  [Name in ChannelName]: Channels[Name]["by"] extends By ? Name : never;
}[ChannelName];

/** A chart's plan while a search runs: what the event `progress` carries beside its share. */
export const searchProgressSchema = z.object({
  algorithm: z.string(),
  evaluations: z.number(),
  seconds: z.number(),
  hypervolume: z.number(),
  /** Upper bound on what may still be missing, see `SearchRecord.gap`; absent if the algorithm bounds nothing. */
  gap: z.number().optional(),
  front: z.array(chartedPlanSchema),
  /** Pairs of accuracy and latency (ms) of some of the plans that were evaluated, for the chart's background. */
  evaluated: z.instanceof(Float32Array),
});

/** How a tuning goes: what the event `progress` carries beside its share. */
export const tuningProgressSchema = z.object({
  /** SHA-256 of the network that learns. */
  network: z.string(),
  exits: z.array(tunedExitSchema),
  /** Since the training's first one, in whichever run it was. */
  epochs: z.array(tunedEpochSchema),
});

export type TuningProgress = Readonly<z.infer<typeof tuningProgressSchema>>;
export type SearchProgress = Readonly<z.infer<typeof searchProgressSchema>>;
export type DataChoice = Readonly<z.output<typeof dataChoiceSchema>>;
export type ClassChoice = Readonly<z.output<typeof classChoiceSchema>>;
export type Opened = Response<"project.open">;
export type TableView = Response<"project.table">;
export type ExportResult = Response<"project.export">;
