import { z } from "zod";
import { amount, milliseconds, share } from "./bounds.ts";

/** Another ONNX classifier, drawn as a point beside the plans: an early-exit network has to beat it. */
export const referenceModelSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  /** On the calibration split, like every figure of the chart (0-1). */
  accuracy: share,
  latencyMs: z.object({ mean: milliseconds, p50: milliseconds, p95: milliseconds }),
  macs: amount,
  bytes: amount,
  /** Id of the profile whose target it was timed on. */
  target: z.string(),
});

export type ReferenceModel = Readonly<z.infer<typeof referenceModelSchema>>;
