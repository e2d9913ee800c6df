import { type Corruption, withValues } from "./corruption.ts";

/** Draws every channel towards its mean. */
export const contrast: Corruption = {
  id: "contrast",
  title: "Contrast",
  strength: "share of the contrast that is left",
  strengths: { small: [0.75, 0.5, 0.4, 0.3, 0.15], large: [0.4, 0.3, 0.2, 0.1, 0.05] },
  corrupt: (image, share) => {
    const means = channelMeans(image.data, image.channels);
    return withValues(image, (byte, at) => {
      const mean = means[at % image.channels];
      return (byte - mean) * share + mean;
    });
  },
};

function channelMeans(data: Uint8Array, channels: number): number[] {
  const sums = new Array<number>(channels).fill(0);
  for (const [at, byte] of data.entries()) sums[at % channels] += byte;
  return sums.map((sum) => (sum * channels) / data.length);
}
