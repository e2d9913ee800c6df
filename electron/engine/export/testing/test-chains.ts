import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentJob } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import type { Preprocess } from "../../../../shared/model/preprocess.ts";
import { confidenceTables } from "../../calibrate/confidence-table.ts";
import { computeExitLogits, readLogits } from "../../calibrate/exit-logits.ts";
import type { RawImage } from "../../dataset/images/raw-image.ts";
import { frameImage } from "../../dataset/splits/image-geometry.ts";
import type { ImageSplit } from "../../dataset/splits/image-split.ts";
import { inputArray, pixelWriter } from "../../dataset/splits/input-pixels.ts";
import { imageTensor } from "../../dataset/splits/run-images.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import { untrainedHeads } from "../../heads/head.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { opset } from "../../onnx/graph-builder.ts";
import type { GraphModel } from "../../onnx/graph-model.ts";
import type { RuntimeTensor } from "../../onnx/runtime.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { TestGraph } from "../../onnx/testing/test-graphs.ts";
import { plainPolicies } from "../../policies/index.ts";
import type { RoutedNetwork } from "../../verify/route-plan.ts";
import type { DesignNetwork } from "../design.ts";

export const classes = 5;
const side = 8;

/** For tests: a network of a chain, what the tables say of it, and the images as it reads them. */
export interface ChainNetwork extends DesignNetwork {
  readonly routed: RoutedNetwork;
  /** Per output, its own last, [samples x classes]. */
  readonly logits: readonly Float32Array[];
  readonly images: readonly RuntimeTensor[];
  readonly split: ImageSplit;
}

/** For tests: images of noise, each of a brightness and a tint of its own. */
export function photographs(count: number): RawImage[] {
  const random = seededRandom(9);
  return Array.from({ length: count }, () => {
    const tint = [random(), random(), random()];
    const data = Uint8Array.from(
      { length: side * side * 3 },
      (_, at) => 255 * tint[at % 3] * random() ** 0.5,
    );
    return { width: side, height: side, channels: 3, data };
  });
}

interface Shape {
  readonly channels?: number;
  readonly size?: number;
  readonly version?: number;
}

/** For tests: the smaller network, of an operator set below 18: its ReduceMean, and below 11 its Clip, have attributes. */
export function smallNet({ channels = 3, size = side, version = 9 }: Shape = {}): GraphModel {
  const net = new TestGraph();
  const convolved = net.conv("image", channels, 4);
  const bounds = { min: { float: 0 }, max: { float: 6 } };
  const stem = version < 11 ? net.add("Clip", [convolved], bounds) : net.add("Relu", [convolved]);
  const pooled = net.add("ReduceMean", [net.residualBlock(stem, 4)], { axes: [2, 3], keepdims: 0 });
  const scores = net.add("Gemm", [pooled, net.weights([4, classes]), net.weights([classes])]);
  return { ...net.model([scores], { shape: ["N", channels, size, size] }), opsetImport: [opset(version)] };
}

/** For tests: the larger one, whose tensors bear the same names. */
export function largeNet(version = 18): GraphModel {
  const net = new TestGraph();
  let features = net.convRelu("image", 3, 8);
  for (let block = 0; block < 3; block++) features = net.residualBlock(features, 8);
  const proto = net.model([net.classifier(features, 8, classes)], { shape: ["N", 3, side, side] });
  return { ...proto, opsetImport: [opset(version)] };
}

/** For tests: a network with heads that nobody trained, calibrated so that no confidence is next to certain. */
export async function chainNetwork(
  proto: GraphModel,
  preprocess: Preprocess,
  photos: readonly RawImage[],
): Promise<ChainNetwork> {
  const backbone = await importProto(proto);
  const { input, sha256 } = backbone.summary;
  const writer = pixelWriter(preprocess, input);
  const pixels = photos.map((photo) => {
    const into = inputArray(input, 1);
    writer.write(frameImage(photo, preprocess, input, "photo"), into, 0, "photo");
    return into as Float32Array;
  });
  const split = memorySplit({ images: pixels, labels: photos.map((_, sample) => sample % classes) });
  const heads = untrainedHeads(backbone, [{ kind: gapLinear as HeadKind, options: {} }]);
  const folder = await mkdtemp(join(tmpdir(), "offramp-chain-"));
  try {
    await mkdir(join(folder, "logits"));
    await computeExitLogits(backbone, heads, split, join(folder, "logits"), silentJob);
    const rows = await Promise.all(
      [...heads, backbone].map((_, row) => readLogits(join(folder, "logits"), row)),
    );
    const temperatures = rows.map(spread);
    const tables = await confidenceTables(
      join(folder, "logits"),
      temperatures,
      classes,
      plainPolicies,
      silentJob,
    );
    return {
      backbone,
      preprocess,
      heads: heads.map((head, row) => ({ head, temperature: temperatures[row], classOffsets: new Map() })),
      temperature: temperatures[heads.length],
      routed: { sha256, heads, tables },
      logits: rows.map((row) => row.slice()),
      images: pixels.map((image) => imageTensor(backbone.summary, image, 1)),
      split,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A third of the logits' mean spread. */
function spread(logits: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < logits.length; at += classes) {
    const row = logits.subarray(at, at + classes);
    sum += Math.max(...row) - Math.min(...row);
  }
  return Math.fround((classes * sum) / logits.length / 3);
}
