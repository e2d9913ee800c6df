import { randomNormal } from "../../../../shared/base/random.ts";
import { type Corruption, withValues } from "./corruption.ts";

export const gaussianNoise: Corruption = {
  id: "gaussian-noise",
  title: "Gaussian noise",
  strength: "standard deviation, of 1",
  strengths: { small: [0.04, 0.06, 0.08, 0.09, 0.1], large: [0.08, 0.12, 0.18, 0.26, 0.38] },
  corrupt: (image, deviation, random) =>
    withValues(image, (byte) => byte + 255 * deviation * randomNormal(random)),
};
