import { z } from "zod";

/** How a run was asked for, so that it can be repeated: part of `summary.json`. */
export const runRecordSchema = z.object({
  /** Of Offramp, and of the Node that it ran on. */
  version: z.string(),
  node: z.string(),
  /** Path of the model. */
  model: z.string(),
  /** As the command line parses them, defaults included. Where results go, servers with their keys, and sensors are left out. */
  options: z.record(z.string(), z.unknown()),
  /** What lay in the text files that options name, by path. */
  texts: z.record(z.string(), z.string()),
});

export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
