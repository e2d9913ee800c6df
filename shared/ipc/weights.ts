import { z } from "zod";

/** A constant that an operator reads, as it's shown. */
export const weightViewSchema = z.object({
  name: z.string(),
  /** Element type in ONNX's words: "float32". */
  type: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  /** Absent where its elements are no numbers that can be read. */
  numbers: z
    .object({
      /** How many of its elements were looked at: the first ones of a very large weight. */
      counted: z.number().int().nonnegative(),
      /** Elements among these that are infinite or no numbers; what follows leaves them out. */
      broken: z.number().int().nonnegative(),
      minimum: z.number(),
      maximum: z.number(),
      mean: z.number(),
      deviation: z.number(),
      /** Elements per bin, between minimum and maximum in equal steps. */
      histogram: z.array(z.number().int().nonnegative()),
    })
    .optional(),
  /** In the order of the file, of a small weight. */
  values: z.array(z.number()).optional(),
  /** Why it can't be saved by itself; absent if it can. */
  unsaved: z.string().optional(),
});

export type WeightView = Readonly<z.infer<typeof weightViewSchema>>;
