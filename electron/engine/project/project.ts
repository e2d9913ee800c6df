import { z } from "zod";
import { backboneSummarySchema } from "../../../shared/domain/backbone.ts";
import { type Plan, planSchema } from "../../../shared/domain/plan.ts";
import { preprocessSchema } from "../../../shared/domain/preprocess.ts";
import type { Profile } from "../../../shared/domain/profile.ts";
import { type OutputQuality, outputQualitySchema } from "../../../shared/domain/summary.ts";
import type { FrontFile } from "../../../shared/search/front-file.ts";
import type { PolicyTables } from "../calibrate/confidence-table.ts";
import type { Head } from "../heads/head.ts";
import type { Backbone } from "../onnx/backbone.ts";

/** The format of `project.json` inside a `.offramp` file; the larger parts stand beside it in the archive. */
export const projectFileSchema = z.object({
  format: z.literal("offramp-project"),
  version: z.literal(1),
  backbone: backboneSummarySchema,
  preprocess: preprocessSchema,
  data: z.object({
    path: z.string(),
    format: z.string(),
    classNames: z.array(z.string()),
    splitOptions: z.record(z.string(), z.unknown()),
  }),
  heads: z.array(
    z.object({
      cutPoint: z.string(),
      kind: z.string(),
      macs: z.number(),
      bytes: z.number(),
      temperature: z.number(),
    }),
  ),
  backboneTemperature: z.number(),
  outputs: z.array(outputQualitySchema),
  policies: z.array(z.string()),
  profiles: z.number().int().nonnegative(),
  plans: z.array(planSchema),
});

export type ProjectFile = z.infer<typeof projectFileSchema>;

/** Everything that exploring needs, without the data set and without the target. */
export interface Project {
  readonly backbone: Backbone;
  readonly preprocess: ProjectFile["preprocess"];
  readonly data: ProjectFile["data"];
  readonly heads: readonly Head[];
  /** One per head, the backbone's own output last. */
  readonly temperatures: readonly number[];
  readonly tables: { readonly calibration: PolicyTables; readonly test: PolicyTables };
  readonly outputs: readonly OutputQuality[];
  readonly profiles: readonly Profile[];
  readonly front: FrontFile | undefined;
  readonly plans: readonly Plan[];
}
