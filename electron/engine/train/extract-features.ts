import { type FileHandle, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../../../shared/base/errors.ts";
import type { Job } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import type { TrainOptions } from "../../../shared/model/stage-options.ts";
import type { ImageSplit } from "../dataset/splits/image-split.ts";
import { runImages } from "../dataset/splits/run-images.ts";
import { headShape } from "../heads/head-shape.ts";
import { backboneLogits, batchDimension, multiExitModel, ownLogits } from "../heads/multi-exit-model.ts";
import { pooledFeatures } from "../heads/pooled-features.ts";
import { featureWidth, type Pooling } from "../heads/pooling.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { joinFragments } from "../onnx/compose.ts";
import { clampNodes, node, value } from "../onnx/graph-builder.ts";
import type { GraphModel } from "../onnx/graph-model.ts";
import { openSession } from "../onnx/runtime.ts";
import { type FeatureMeta, featureFiles, featureKey, learntRows } from "./feature-store.ts";
import { movedSplit } from "./moved-split.ts";

/** One pooled result of one cut point: what a column of the feature store holds. */
interface FeatureColumn {
  readonly key: string;
  readonly width: number;
}

function columnsOf(
  cuts: readonly CutPoint[],
  poolings: readonly Pooling[],
  classes: number,
): FeatureColumn[] {
  return cuts.flatMap((cut) =>
    poolings.flatMap((pooling) =>
      pooling.outputs.map((output) => ({
        key: featureKey(cut.index, output),
        width: featureWidth(pooling, headShape(cut, classes)),
      })),
    ),
  );
}

/** Bytes that one image takes in the store. */
export function featureRowBytes(
  cuts: readonly CutPoint[],
  poolings: readonly Pooling[],
  classes: number,
): number {
  const widths = columnsOf(cuts, poolings, classes).reduce((sum, { width }) => sum + width, 0);
  return 2 * widths + 4 * classes + 8;
}

/** The largest number of a float16. */
const maxHalf = 65504;

/** The backbone with every pooled feature as a float16 output; what float16 can't hold is clamped to its range. */
function featureModel(
  backbone: Backbone,
  cuts: readonly CutPoint[],
  poolings: readonly Pooling[],
): GraphModel {
  const own = ownLogits(backbone);
  const features = cuts.flatMap((cut) => poolings.map((pooling) => featureOutputs(backbone, cut, pooling)));
  return multiExitModel(backbone, [], {
    fragment: joinFragments([own.fragment, ...features.map(({ fragment }) => fragment)]),
    reads: [...own.reads, ...cuts.map((cut) => cut.tensor)],
    outputs: [...own.outputs, ...features.flatMap(({ outputs }) => outputs)],
  });
}

/** One cut point's features, pooled in one way, and its results as outputs. */
function featureOutputs(backbone: Backbone, cut: CutPoint, pooling: Pooling) {
  const { output, opset } = backbone.summary;
  const shape = headShape(cut, output.classes);
  const prefix = `offramp/${cut.index}/${pooling.id}/`;
  const pooled = pooledFeatures(cut, shape, pooling, cut.tensor, `${prefix}pooled/`);
  const halves = pooling.outputs.map((name) => {
    const within = `${prefix}within/${name}`;
    const cast = node("Cast", [within], [featureKey(cut.index, name)], { to: 10 });
    const clamp = clampNodes(`${prefix}pooled/${name}`, within, [-maxHalf, maxHalf], opset);
    return joinFragments([clamp, { nodes: [cast], initializers: [] }]);
  });
  const dims = [batchDimension(backbone), ...pooling.dims(shape)];
  return {
    fragment: joinFragments([pooled, ...halves]),
    outputs: pooling.outputs.map((name) => value(featureKey(cut.index, name), "float16", dims)),
  };
}

/** How many further versions of the images there are, and how they are drawn. */
export type Versions = Pick<TrainOptions, "copies" | "crop" | "flip" | "seed">;

/**
 * Runs a split through the backbone and streams the pooled features of cut points to disk, row by row in the split's
 * order, with the labels and the backbone's logits; then the rows that heads learn from once more for each further version.
 * @param folder an empty folder that receives the files
 */
export async function extractFeatures(
  backbone: Backbone,
  cuts: readonly CutPoint[],
  poolings: readonly Pooling[],
  split: ImageSplit,
  versions: Versions,
  folder: string,
  job: Job,
): Promise<void> {
  const { input, output } = backbone.summary;
  const { copies } = versions;
  const columns = columnsOf(cuts, poolings, output.classes);
  const session = await openSession(encodeModel(featureModel(backbone, cuts, poolings)));
  const files = new Map<string, FileHandle>();
  const append = async (name: string, data: ArrayBufferView) => {
    const file = files.get(name) ?? (await open(join(folder, name), "w"));
    files.set(name, file);
    await file.appendFile(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  };
  const store = async (images: ImageSplit, most: number, share: Job) => {
    let stored = 0;
    for await (const { rows, labels, results } of runImages(session, backbone.summary, images, share)) {
      const taken = Math.min(rows, most - stored);
      const values = (name: string) => {
        const { data } = results[name];
        return (data as Float32Array | Uint16Array).subarray(0, (data.length / rows) * taken);
      };
      await append(featureFiles.labels, BigInt64Array.from(labels.subarray(0, taken), BigInt));
      await append(featureFiles.teacher, values(backboneLogits));
      for (const { key } of columns) await append(`${key}.f16`, values(key));
      stored += taken;
      if (stored === most) break;
    }
    return stored;
  };
  let rows = 0;
  try {
    rows = await store(split, Number.POSITIVE_INFINITY, versionOf(job, 0, copies));
    for (let copy = 1; copy <= copies && rows > 0; copy++) {
      const moved = movedSplit(split, input, versions, seededRandom(versions.seed + copy));
      await store(moved, learntRows(rows), versionOf(job, copy, copies));
    }
  } finally {
    await session.release();
    for (const file of files.values()) await file.close();
  }
  if (rows === 0)
    throw new AppError("data-invalid", "no image of the train split can be read; check the data set");
  const widths = Object.fromEntries(columns.map(({ key, width }) => [key, width]));
  const meta: FeatureMeta = { rows, copies, classes: output.classes, widths };
  await writeFile(join(folder, featureFiles.meta), JSON.stringify(meta));
}

/** The job of one version, of as many images as any other. */
function versionOf(job: Job, version: number, copies: number): Job {
  return {
    ...job,
    report: (done, total) => job.report(version * total + done, (1 + copies) * total),
    pause: () => job.pause(),
  };
}
