import { z } from "zod";

/** What a Python has of what tuning needs. */
export const pythonFactsSchema = z.object({
  /* Versions. */
  python: z.string(),
  torch: z.string(),
  numpy: z.string(),
  /** What PyTorch trains on: the names of its GPUs, or none. */
  gpus: z.array(z.string()),
});

export const pythonSchema = pythonFactsSchema.extend({
  /** The interpreter, as it is started. */
  path: z.string(),
});

export type PythonFacts = Readonly<z.infer<typeof pythonFactsSchema>>;
export type Python = Readonly<z.infer<typeof pythonSchema>>;
