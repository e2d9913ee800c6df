import { logWays } from "./binomial.ts";
import type { Random } from "./random.ts";

/**
 * How many of the things that are drawn without replacement are marked: by inversion, outwards from the most probable
 * number, so in a few standard deviations' steps.
 * @param marked how many there are
 * @param others how many there are that aren't
 * @param drawn at most all of them
 */
export function drawHypergeometric(random: Random, marked: number, others: number, drawn: number): number {
  const least = Math.max(0, drawn - others);
  const most = Math.min(marked, drawn);
  if (least === most) return least;
  const total = marked + others;
  const mode = Math.min(most, Math.max(least, Math.floor(((drawn + 1) * (marked + 1)) / (total + 2))));
  const logMass = logWays(marked, mode) + logWays(others, drawn - mode) - logWays(total, drawn);
  let [low, high] = [mode, mode];
  let below = Math.exp(logMass);
  let above = below;
  let left = random() - below;
  while (left >= 0 && (low > least || high < most)) {
    if (high < most) {
      above *= ((marked - high) * (drawn - high)) / ((high + 1) * (others - drawn + high + 1));
      left -= above;
      high++;
      if (left < 0) return high;
    }
    if (low > least) {
      below *= (low * (others - drawn + low)) / ((marked - low + 1) * (drawn - low + 1));
      left -= below;
      low--;
      if (left < 0) return low;
    }
  }
  return mode;
}
