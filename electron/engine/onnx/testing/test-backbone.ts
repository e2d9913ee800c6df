import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentJob } from "../../../../shared/base/job.ts";
import { type Random, randomNormal } from "../../../../shared/base/random.ts";
import { type Backbone, imageDims } from "../backbone.ts";
import { encodeModel } from "../codec.ts";
import { value } from "../graph-builder.ts";
import type { GraphModel } from "../graph-model.ts";
import { type ImportOptions, importModel } from "../import/import-model.ts";
import { type InferenceSession, openSession, runtimeTensor } from "../runtime.ts";
import { elementCount } from "../tensors.ts";

/** For tests: a model as the engine opens it, from a file. */
export async function importProto(proto: GraphModel, options: ImportOptions = {}): Promise<Backbone> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-backbone-"));
  try {
    await writeFile(join(folder, "net.onnx"), encodeModel(proto));
    return await importModel(join(folder, "net.onnx"), options, silentJob);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** For tests: preprocessed images of noise for a backbone. */
export function noiseImages({ summary }: Backbone, count: number, random: Random): Float32Array[] {
  const length = elementCount(imageDims(summary, 1) as number[]);
  return Array.from({ length: count }, () => Float32Array.from({ length }, () => randomNormal(random)));
}

/** For tests: runs single images through the plain backbone and shows some of its tensors, and its own output. */
export interface TensorView {
  of(image: Float32Array): Promise<Readonly<Record<string, Float32Array>>>;
  release(): Promise<void>;
}

export async function viewTensors(
  { summary, proto }: Backbone,
  tensors: readonly string[],
): Promise<TensorView> {
  const { graph } = proto;
  const outputs = [...graph.output, ...tensors.map((name) => value(name, "float32"))];
  const session: InferenceSession = await openSession(
    encodeModel({ ...proto, graph: { ...graph, output: outputs } }),
  );
  return {
    of: async (image) => {
      const feed = runtimeTensor("float32", image, imageDims(summary, 1) as number[]);
      const results = await session.run({ [summary.input.name]: feed });
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      );
    },
    release: () => session.release(),
  };
}
