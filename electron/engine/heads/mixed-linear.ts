import { z } from "zod";
import { linearLayer, mixLayer } from "../nn/layers.ts";
import type { HeadKind } from "./head-kind.ts";
import { featureWidth, gridPooling } from "./pooling.ts";

const options = z.object({});

/**
 * Mixed max and average pooling to 4x4, then one linear layer.
 * @see Kaya, Hong, Dumitras 2019, "Shallow-Deep Networks", arXiv 1810.07052
 */
export const mixedLinear: HeadKind<z.infer<typeof options>> = {
  id: "mixed-linear",
  title: "Mixed pool 4x4, linear",
  shortTitle: "mixed pool",
  options,
  pooling: () => gridPooling,
  layers: (shape) => [
    mixLayer("mix"),
    linearLayer("linear", featureWidth(gridPooling, shape), shape.classes),
  ],
};
