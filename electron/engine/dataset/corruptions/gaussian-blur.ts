import { type Corruption, sharpImage, sharpPixels } from "./corruption.ts";

/** Weights below this share of the largest are left out; a byte doesn't show them. */
const leastWeight = 0.001;

export const gaussianBlur: Corruption = {
  id: "gaussian-blur",
  title: "Gaussian blur",
  strength: "standard deviation, px",
  strengths: { small: [0.4, 0.6, 0.7, 0.8, 1], large: [1, 2, 3, 4, 6] },
  corrupt: async (image, sigma) => {
    const blurred = sharpImage(image).blur({ sigma, precision: "float", minAmplitude: leastWeight });
    return { ...image, data: await sharpPixels(blurred, image) };
  },
};
