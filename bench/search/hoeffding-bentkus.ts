import { binomialTail } from "../../shared/base/binomial.ts";
import type { PairedCounts } from "../../shared/guarantee/drop-test.ts";

/**
 * P-value of Hoeffding and Bentkus for the hypothesis that an accuracy drop is `bound` or more: knows of a sample's
 * loss only that it lies between -1 and 1.
 * @see Bates, Angelopoulos, Lei, Malik and Jordan 2021, arXiv:2101.02703, section 3.1
 */
export function hoeffdingBentkus({ samples, lost, gained }: PairedCounts, bound: number): number {
  // Moved to [0, 1].
  const seen = ((lost - gained) / samples + 1) / 2;
  const allowed = (bound + 1) / 2;
  if (seen >= allowed) return 1;
  const divergence = relative(seen, allowed) + relative(1 - seen, 1 - allowed);
  const bentkus = Math.E * binomialTail(Math.ceil(samples * seen), samples, allowed);
  return Math.min(1, Math.exp(-samples * divergence), bentkus);
}

function relative(share: number, other: number): number {
  return share > 0 ? share * Math.log(share / other) : 0;
}
