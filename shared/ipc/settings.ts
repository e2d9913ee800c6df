import { z } from "zod";
import { noServerChosen, serverChoiceSchema } from "../fleet/server-choice.ts";

/** The parts of the window with a project that can be hidden. */
export const paneNames = ["stages", "graph", "chart", "plans", "inspector"] as const;
export type PaneName = (typeof paneNames)[number];

/** What the app remembers between runs, beside projects. */
export const settingsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).default("system"),
  hiddenPanes: z.array(z.enum(paneNames)).max(100).default([]),
  /** The chart's and graph's choices, sizes of panels: whatever views want back, by their own key. */
  views: z.record(z.string(), z.unknown()).default({}),
  /** Whether the tour was shown, which comes by itself once. */
  hasSeenTour: z.boolean().default(false),
  /** The fleet's server. */
  fleet: serverChoiceSchema.default(noServerChosen),
});

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
