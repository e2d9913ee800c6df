import { type BackboneSummary, scoreCount } from "../../../shared/model/backbone.ts";
import { statedPreprocess } from "../dataset/splits/input-pixels.ts";
import { imageDims } from "../onnx/backbone.ts";
import type { Design } from "./design.ts";

/** What a plan's networks are, for whoever runs it: files of plans that go through others than the backbone say it. */
export function describeNetworks({ networks }: Pick<Design, "networks">) {
  return networks.map(({ backbone: { summary } }) => ({ name: summary.name, sha256: summary.sha256 }));
}

/** What `logits` holds where it is one score for two classes. */
export function singleScore({
  output,
}: Pick<BackboneSummary, "output">): "logit" | "probability" | undefined {
  if (scoreCount(output) > 1) return undefined;
  return output.kind === "logits" ? "logit" : "probability";
}

/** A tensor's dimensions at batch 1 with another batch. Some that take one image alone have no axis for it. */
export function batchDims<Batch extends number | string | null>(
  dims: readonly number[],
  batch: Batch,
): (number | Batch)[] {
  return batch === 1 ? [...dims] : [batch, ...dims.slice(1)];
}

/** What an export is given: one tensor an image of the plan, with all that it takes to make it of a picture's bytes. */
export function describeImages({ images }: Pick<Design, "images">, batch: number | null) {
  return images.map(({ name, backbone: { summary }, input, preprocess }) => {
    const { type, layout, height, width, channels, quantisation } = input;
    const frame: [number, number, number] = [height, width, channels];
    return {
      name,
      type,
      shape: batchDims(imageDims({ input }, 1), batch),
      layout,
      frame,
      network: summary.name,
      preprocess: preprocess && statedPreprocess(preprocess, input),
      // Bytes are taken as they are.
      quantisation: type === "uint8" ? undefined : quantisation,
    };
  });
}
