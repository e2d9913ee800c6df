import { z } from "zod";
import { linearLayer, mixLayer, reluLayer } from "../nn/layers.ts";
import type { HeadKind } from "./head-kind.ts";
import { featureWidth, gridPooling } from "./pooling.ts";

const options = z.object({
  hidden: z.number().int().min(1).max(4096).default(64).describe("units of the hidden layer"),
});

/** Mixed pooling to 4x4, one hidden layer with ReLU, then a linear layer: the most accurate of those without convolutions. */
export const mixedHidden: HeadKind<z.infer<typeof options>> = {
  id: "mixed-hidden",
  title: "Mixed pool 4x4, hidden layer, linear",
  shortTitle: "hidden layer",
  options,
  pooling: () => gridPooling,
  layers: (shape, { hidden }) => [
    mixLayer("mix"),
    linearLayer("hidden", featureWidth(gridPooling, shape), hidden),
    reluLayer("relu"),
    linearLayer("linear", hidden, shape.classes),
  ],
};
