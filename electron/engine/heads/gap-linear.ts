import { z } from "zod";
import { linearLayer } from "../nn/layers.ts";
import type { HeadKind } from "./head-kind.ts";
import { averagePooling, featureWidth } from "./pooling.ts";

const options = z.object({});

/** Global average pooling and one linear layer: what most networks end in; the cheapest head. */
export const gapLinear: HeadKind<z.infer<typeof options>> = {
  id: "gap-linear",
  title: "Average pool, linear",
  shortTitle: "average pool",
  options,
  pooling: () => averagePooling,
  layers: (shape) => [linearLayer("linear", featureWidth(averagePooling, shape), shape.classes)],
};
