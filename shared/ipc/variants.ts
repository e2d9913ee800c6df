import { z } from "zod";

/** A variant as a form needs it: its options as JSON schema, made from its zod schema. */
const variantViewSchema = z.object({
  id: z.string(),
  title: z.string(),
  options: z.record(z.string(), z.unknown()),
});

/** What this engine, on this machine, offers. */
export const engineViewSchema = z.object({
  headKinds: z.array(variantViewSchema.extend({ shortTitle: z.string() })),
  policies: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** Of a policy of thresholds per class: the one whose tables it is calibrated from. */
      base: z.string().optional(),
    }),
  ),
  exportFormats: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      purpose: z.string(),
      target: z.string(),
      /** Whether it is written only if it is asked for. */
      isOptional: z.boolean(),
    }),
  ),
  datasetFormats: z.array(z.object({ id: z.string(), title: z.string(), layout: z.string() })),
  threads: z.number().int().positive(),
  /* This machine, as profiles made here name it. */
  providers: z.array(z.string()).readonly(),
  operatingSystem: z.string(),
  runtime: z.string(),
  device: z.string(),
});

export type EngineView = Readonly<z.infer<typeof engineViewSchema>>;
