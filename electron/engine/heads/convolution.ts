import { z } from "zod";
import { type Convolution, convolutionLayer, convolvedSides } from "../nn/convolution-layer.ts";
import { type Layer, linearLayer, reluLayer } from "../nn/layers.ts";
import { mixedPoolLayer, mixedPoolWidth } from "../nn/mixed-pool-layer.ts";
import type { HeadKind } from "./head-kind.ts";
import type { HeadShape } from "./head-shape.ts";
import { mapPooling } from "./pooling.ts";

const options = z.object({
  width: z.number().int().min(1).max(1024).default(32).describe("filters of each 3x3 convolution"),
  depth: z.number().int().min(1).max(4).default(2).describe("3x3 convolutions one after the other"),
  separable: z
    .boolean()
    .default(false)
    .describe("a filter per channel and a 1x1 convolution in place of each 3x3 convolution"),
  side: z
    .number()
    .int()
    .min(1)
    .max(64)
    .default(32)
    .describe("longest side of the map that they read; a larger one is averaged to it"),
  grid: z.number().int().min(1).max(8).default(4).describe("cells a side that their result is pooled to"),
});

type Options = z.infer<typeof options>;

/** The longest side of a map of which a convolution visits every place, not every second one. */
const longestUnhalved = 8;

/** 3x3 convolutions with batch norm and ReLU, mixed pooling to a few cells, then a linear layer. */
export const convolution: HeadKind<Options> = {
  id: "convolution",
  title: "3x3 convolutions, mixed pool, linear",
  shortTitle: "convolutions",
  options,
  // Batch norms bear large steps, after which an epoch is often worse than the one before, though the last ones are the best.
  learning: { rate: 5, patience: 5 },
  pooling: ({ side }) => mapPooling(side),
  layers: (shape, options) => {
    const convolutions = convolutionsOf(shape, options);
    const last = convolutions[convolutions.length - 1];
    const pool = { channels: last.filters, ...convolvedSides(last), grid: options.grid };
    return [
      ...convolutions.flatMap((each, at) => blockLayers(String(at + 1), each, options.separable)),
      mixedPoolLayer("mix", pool),
      linearLayer("linear", mixedPoolWidth(pool), shape.classes),
    ];
  },
};

function convolutionsOf(shape: HeadShape, { width, depth, side }: Options): Convolution[] {
  const [channels, height, columns] = mapPooling(side).dims(shape);
  const found: Convolution[] = [];
  let map = { channels, height, width: columns };
  for (let step = 1; step <= depth; step++) {
    const stride = Math.max(map.height, map.width) > longestUnhalved ? 2 : 1;
    const convolution = { ...map, filters: width, kernel: 3, stride } as const;
    found.push(convolution);
    map = { channels: width, ...convolvedSides(convolution) };
  }
  return found;
}

function blockLayers(name: string, convolution: Convolution, isSeparable: boolean): Layer[] {
  const relu = reluLayer(`relu-${name}`);
  if (!isSeparable) return [convolutionLayer(`conv-${name}`, convolution), relu];
  const { channels, filters } = convolution;
  return [
    convolutionLayer(`depthwise-${name}`, { ...convolution, filters: channels, depthwise: true }),
    reluLayer(`relu-depthwise-${name}`),
    convolutionLayer(`pointwise-${name}`, {
      ...convolvedSides(convolution),
      channels,
      filters,
      kernel: 1,
      stride: 1,
    }),
    relu,
  ];
}
