import { z } from "zod";
import { amount, milliseconds, share } from "./bounds.ts";
import { quantiseOptionsSchema } from "./stage-options.ts";

/** Which samples are answered rightly, see `encodeBits`. */
const bitText = z.string().regex(/^[0-9a-f]*$/, "hexadecimal digits");

/** Another ONNX classifier, drawn as a point beside the plans: an early-exit network has to beat it. */
export const referenceModelSchema = z.object({
  name: z.string(),
  sha256: z.string(),
  /** On the calibration split, like every figure of the chart (0-1). */
  accuracy: share,
  /**
   * The samples that it gets right, in the order of the confidence tables, so that plans are compared with it sample by
   * sample; the test split's for reports alone. Absent from files that were made before it was compared.
   */
  right: z.object({ calibration: bitText, test: bitText }).optional(),
  /** Timed in turns with the backbone, and given at the profile's pace of the backbone. */
  latencyMs: z.object({ mean: milliseconds, p50: milliseconds, p95: milliseconds }),
  /** Counted in turns with the backbone; absent where the target has no sensor, and in older files. */
  energyMillijoules: amount.optional(),
  macs: amount,
  bytes: amount,
  /** How it was made of the backbone, if it is that with 8-bit integers. */
  quantised: quantiseOptionsSchema.optional(),
  /** The file that it was read from, so that it can become a network of plans; absent from older files, and where there is none. */
  path: z.string().optional(),
  /** Id of the profile whose target it was timed on. */
  target: z.string(),
});

export type ReferenceModel = Readonly<z.infer<typeof referenceModelSchema>>;
