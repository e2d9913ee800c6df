import { z } from "zod";
import { noServerChosen, serverChoiceSchema } from "../fleet/server-choice.ts";

/** The parts of the window with a project that can be hidden. */
export const paneNames = ["stages", "graph", "chart", "plans", "inspector"] as const;
export type PaneName = (typeof paneNames)[number];

const settings = {
  theme: z.enum(["system", "light", "dark"]),
  hiddenPanes: z.array(z.enum(paneNames)).max(100),
  /** The chart's and graph's choices, sizes of panels: whatever views want back, by their own key. */
  views: z.record(z.string(), z.unknown()),
  /** Whether the tour was shown, which comes by itself once. */
  hasSeenTour: z.boolean(),
  /** The fleet's server. */
  fleet: serverChoiceSchema,
};

/** What the app remembers between runs, beside projects; all its windows show the same. */
export const settingsSchema = z.object({
  theme: settings.theme.default("system"),
  hiddenPanes: settings.hiddenPanes.default([]),
  views: settings.views.default({}),
  hasSeenTour: settings.hasSeenTour.default(false),
  fleet: settings.fleet.default(noServerChosen),
});

/** What a window changes of it; the rest is as the last one left it. */
export const settingsChangeSchema = z.object(settings).partial();

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
export type SettingsChange = Readonly<z.infer<typeof settingsChangeSchema>>;
