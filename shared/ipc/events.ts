import { z } from "zod";
import { projectViewSchema } from "../files/project-view.ts";
import { headCurveSchema } from "../model/head-curve.ts";
import { recentFilesSchema, searchProgressSchema, tuningProgressSchema } from "./channels.ts";
import { windowCommandIds } from "./commands.ts";
import { settingsSchema } from "./settings.ts";

/** How one of several workers gets on that do the same at once. */
const workerProgressSchema = z.object({
  name: z.string(),
  state: z.enum(["working", "done", "failed"]),
  share: z.number(),
  note: z.string().nullable(),
});

/** Progress of one request, named by the id that the window gave it. */
export const progressSchema = z.object({
  call: z.string(),
  /** One of the pipeline's stages, if the request runs several. */
  stage: z.string().nullable(),
  /** Share of the stage that is done (0-1). */
  share: z.number(),
  note: z.string().nullable(),
  search: searchProgressSchema.nullable(),
  tuning: tuningProgressSchema.nullable(),
  /** Of the heads that have learnt something since the last progress. */
  curves: z.array(headCurveSchema).nullable(),
  /** Of each worker, where several are asked at once. */
  workers: z.array(workerProgressSchema).nullable(),
  /** What the person should know of the result, while work goes on. */
  warning: z.string().nullable(),
});

const engineStateSchema = z.object({
  /** `stopped`: it died too often and waits for `engine.restart`. */
  state: z.enum(["starting", "ready", "restarting", "stopped"]),
  /** Why it restarted or stopped, in plain words. */
  reason: z.string().nullable(),
});

/** What the main process tells the window unasked: event to schema. */
export const events = {
  progress: progressSchema,
  engine: engineStateSchema,
  /** The engine had to start again: the project as it stands now, opened from the journal. */
  reopened: z.object({ project: projectViewSchema }),
  /** A file was opened from outside: command line, file manager, second instance, the Open Recent menu. */
  open: z.object({ path: z.string() }),
  /** The project file that is open here was asked for once more. */
  openAlready: z.object({ path: z.string() }),
  /** Another window changed the settings. */
  settings: settingsSchema,
  /** A window used a file, or cleared the list. */
  recent: z.object({ files: recentFilesSchema }),
  /** What keeps this machine busy in other windows: the names of their projects. */
  others: z.object({ working: z.array(z.string()) }),
  /** A menu item or its shortcut; the window owns what it does. */
  command: z.object({ id: z.enum(windowCommandIds) }),
  /** The person closes the window: save or ask, then answer with `window.close`. */
  close: z.object({}),
} as const;

export type Events = typeof events;
export type EventName = keyof Events;
export type Event<Name extends EventName> = z.output<Events[Name]>;
export type WorkerProgress = Readonly<z.infer<typeof workerProgressSchema>>;
export type Progress = z.infer<typeof progressSchema>;
export type EngineState = z.infer<typeof engineStateSchema>;
