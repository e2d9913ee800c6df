import { InferenceSession, Tensor } from "onnxruntime-node";
import { imageChannels, imageSize, modelInput } from "./gratings.ts";
import { testImages } from "./workspace.ts";

/** How many test images a model gets right, one by one in stock ONNX Runtime. */
export async function rightAnswers(path: string): Promise<number> {
  const images = testImages();
  const input = modelInput(images);
  const size = input.length / images.labels.length;
  const session = await InferenceSession.create(path);
  let right = 0;
  for (const [index, label] of images.labels.entries()) {
    const pixels = input.slice(index * size, (index + 1) * size);
    const image = new Tensor("float32", pixels, [1, imageChannels, imageSize, imageSize]);
    const scores = (await session.run({ image })).logits.data as Float32Array;
    if (scores.indexOf(Math.max(...scores)) === label) right++;
  }
  await session.release();
  return right;
}
