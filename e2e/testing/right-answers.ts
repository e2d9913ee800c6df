import { InferenceSession, Tensor } from "onnxruntime-node";
import { imageChannels, imageSize, modelInput } from "./gratings.ts";
import { testImages } from "./workspace.ts";

/** How many test images a model gets right, one by one in stock ONNX Runtime. */
export async function rightAnswers(path: string): Promise<number> {
  return (await answersOf(path)).right;
}

/** The same of an exported network, and at which of its exits each image leaves. */
export async function exportedAnswers(
  path: string,
): Promise<{ readonly right: number; readonly exits: readonly number[] }> {
  const { right, results } = await answersOf(path);
  return { right, exits: results.map(({ exit }) => Number(exit.data[0])) };
}

async function answersOf(path: string) {
  const images = testImages();
  const input = modelInput(images);
  const size = input.length / images.labels.length;
  const session = await InferenceSession.create(path);
  let right = 0;
  const results: InferenceSession.OnnxValueMapType[] = [];
  for (const [index, label] of images.labels.entries()) {
    const pixels = input.slice(index * size, (index + 1) * size);
    const image = new Tensor("float32", pixels, [1, imageChannels, imageSize, imageSize]);
    const result = await session.run({ image });
    const scores = result.logits.data as Float32Array;
    if (scores.indexOf(Math.max(...scores)) === label) right++;
    results.push(result);
  }
  await session.release();
  return { right, results };
}
