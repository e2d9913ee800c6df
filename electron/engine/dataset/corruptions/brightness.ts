import { type Corruption, withValues } from "./corruption.ts";

/** Raises the value of hue, saturation and value, the largest channel of a pixel, and leaves the other two as they are. */
export const brightness: Corruption = {
  id: "brightness",
  title: "Brightness",
  strength: "added to the value, of 1",
  strengths: { small: [0.05, 0.1, 0.15, 0.2, 0.3], large: [0.1, 0.2, 0.3, 0.4, 0.5] },
  corrupt: (image, added) => {
    const { data, channels } = image;
    return withValues(image, (byte, at) => {
      const value = largestChannel(data, at - (at % channels), channels);
      const raised = Math.min(255, value + 255 * added);
      return value === 0 ? raised : (byte * raised) / value;
    });
  },
};

function largestChannel(data: Uint8Array, from: number, channels: number): number {
  let largest = 0;
  for (let at = from; at < from + channels; at++) largest = Math.max(largest, data[at]);
  return largest;
}
