import { z } from "zod";

/** What the app remembers between runs, beside projects. */
export const settingsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).default("system"),
  /** The chart's and graph's choices, sizes of panels: whatever views want back, by their own key. */
  views: z.record(z.string(), z.unknown()).default({}),
});

export type Settings = Readonly<z.infer<typeof settingsSchema>>;
