import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Head } from "../../heads/head.ts";
import type { LazyFile, OpeningContext, PackedFiles } from "../../jobs/job-kind.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { encodeModel } from "../../onnx/codec.ts";
import { openProject } from "../../project/open-project.ts";
import { newProject } from "../../project/project.ts";
import { encodeProject } from "../../project/project-archive.ts";
import { openHeads, readProjectModel } from "../../project/project-models.ts";

const projectFile = "network.offramp";
const headsFile = "heads.json";
const modelsFile = "heads.bin";

/** What a network is opened from. */
export const networkFiles = [projectFile, headsFile, modelsFile];

const maxHeadsBytes = 16e6;

/** Models of the heads lie one after the other in one file: a job may have more heads than files. */
const headsSchema = z
  .array(z.object({ cutPoint: z.string(), kind: z.string(), bytes: z.number().int().positive() }))
  .max(10_000);

/** A network, with heads if it has some, on its way to workers. */
export interface SentNetwork {
  readonly backbone: Backbone;
  readonly heads: readonly Head[];
  readonly files: PackedFiles;
}

/** The last of each backbone: the calibration split comes before the test split, and a corruption before the next. */
const lastSent = new WeakMap<Backbone, SentNetwork>();

/** What is sent of a network: once, however many jobs work on it. */
export function sentNetwork(backbone: Backbone, heads: readonly Head[]): SentNetwork {
  const last = lastSent.get(backbone);
  if (last?.heads.length === heads.length && last.heads.every((head, at) => head === heads[at])) return last;
  const sent = { backbone, heads, files: filesOf(backbone, heads) };
  lastSent.set(backbone, sent);
  return sent;
}

function filesOf(backbone: Backbone, heads: readonly Head[]): PackedFiles {
  const lazy = (make: () => Uint8Array): LazyFile => ({ bytes: async () => make() });
  const models = () => heads.map(({ model }) => encodeModel(model));
  return {
    [projectFile]: lazy(() => encodeProject(newProject(backbone))),
    [headsFile]: lazy(() => {
      const list = models().map(({ length: bytes }, at) => {
        const { cutPoint, kind } = heads[at];
        return { cutPoint, kind, bytes };
      });
      return new TextEncoder().encode(JSON.stringify(list satisfies z.infer<typeof headsSchema>));
    }),
    ...(heads.length > 0 && { [modelsFile]: lazy(() => new Uint8Array(Buffer.concat(models()))) }),
  };
}

/**
 * Opens a network that was sent as a project's are opened: its models have their first run in a process of their own.
 * @throws AppError as `openProject` does
 */
export async function openSentNetwork(
  folder: string,
  context: OpeningContext,
): Promise<Pick<SentNetwork, "backbone" | "heads">> {
  const open = () => openNetwork(folder, context);
  return context.once?.("network", open) ?? open();
}

async function openNetwork(folder: string, { job, cache, limits }: OpeningContext) {
  const { backbone } = await openProject(join(folder, projectFile), job, cache, limits);
  const { size } = await stat(join(folder, headsFile));
  if (size > maxHeadsBytes)
    throw new AppError(
      "file-invalid",
      `the list of heads takes ${size} bytes, expected at most ${maxHeadsBytes}`,
    );
  const list = headsSchema.parse(JSON.parse(await readFile(join(folder, headsFile), "utf8")));
  const models = list.length > 0 ? await readFile(join(folder, modelsFile)) : Buffer.alloc(0);
  let at = 0;
  const stored = list.map(({ cutPoint, kind, bytes }, index) => {
    const own = new Uint8Array(models.subarray(at, at + bytes));
    at += bytes;
    return { cutPoint, kind, model: readProjectModel(own, `head ${index + 1}`) };
  });
  return { backbone, heads: await openHeads(backbone, stored, { job, cache, limits }) };
}
