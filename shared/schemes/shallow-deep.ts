import { defineScheme } from "./fixed-scheme.ts";

/**
 * Six internal classifiers at 15, 30, 45, 60, 75 and 90 % of the MACs, which fire on top-1 confidence against
 * one threshold.
 * @see Kaya, Hong and Dumitras 2019, "Shallow-Deep Networks", arXiv 1810.07052
 */
export const shallowDeep = defineScheme({
  id: "shallow-deep",
  title: "Shallow-Deep Networks",
  source: "Kaya et al., ICML 2019",
  policy: "top1",
  macsShares: [0.15, 0.3, 0.45, 0.6, 0.75, 0.9],
});
