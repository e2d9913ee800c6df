import { imageDims } from "../onnx/backbone.ts";
import type { Design } from "./design.ts";

/** What a plan's networks are, for whoever runs it: files of plans that go through others than the backbone say it. */
export function describeNetworks({ networks }: Pick<Design, "networks">) {
  return networks.map(({ backbone: { summary } }) => ({ name: summary.name, sha256: summary.sha256 }));
}

/** A tensor's dimensions at batch 1 with another batch. Some that take one image alone have no axis for it. */
export function batchDims<Batch extends number | string | null>(
  dims: readonly number[],
  batch: Batch,
): (number | Batch)[] {
  return batch === 1 ? [...dims] : [batch, ...dims.slice(1)];
}

/** What an export is given: one tensor an image of the plan, with the preprocessing that makes it. */
export function describeImages({ images }: Pick<Design, "images">, batch: number | null) {
  return images.map(({ name, backbone: { summary }, preprocess }) => ({
    name,
    type: summary.input.type,
    shape: batchDims(imageDims(summary, 1), batch),
    network: summary.name,
    preprocess,
  }));
}
