import { z } from "zod";

/** Another ONNX classifier, drawn as a point beside the plans: an early-exit network has to beat it. */
export const referenceModelSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  /** On the calibration split, like every figure of the chart (0-1). */
  accuracy: z.number(),
  latencyMs: z.object({ mean: z.number(), p50: z.number(), p95: z.number() }),
  macs: z.number(),
  bytes: z.number(),
  /** Id of the profile whose target it was timed on. */
  target: z.string(),
});

export type ReferenceModel = Readonly<z.infer<typeof referenceModelSchema>>;
