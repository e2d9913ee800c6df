import { node } from "../onnx/graph-builder.ts";
import { floatTensor, intTensor } from "../onnx/tensors.ts";
import { gradient, type Layer } from "./layers.ts";

/** The mean of each channel: maps [N, channels, height, width] become features [N, channels]. */
export function averageLayer(
  name: string,
  { channels, height, width }: { channels: number; height: number; width: number },
): Layer {
  const [share, column, sides] = [`${name}/share`, `${name}/column`, `${name}/sides`];
  return {
    name,
    parameters: [],
    constants: [
      floatTensor(share, [1 / (height * width)], []),
      intTensor(column, [-1, channels, 1, 1]),
      intTensor(sides, [1, 1, height, width]),
    ],
    forward: ({ inputs: [input], output }) => [
      node("GlobalAveragePool", [input], [`${name}/means`]),
      node("Flatten", [`${name}/means`], [output]),
    ],
    backward: ({ inputs: [input], output }, needsInput) =>
      needsInput
        ? [
            node("Mul", [gradient(output), share], [`${name}/part`]),
            node("Reshape", [`${name}/part`, column], [`${name}/parts`]),
            node("Expand", [`${name}/parts`, sides], [gradient(input)]),
          ]
        : [],
  };
}
