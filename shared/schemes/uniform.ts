import { defineScheme } from "./fixed-scheme.ts";

/**
 * Three exits, evenly spaced by MACs, which fire on top-1 confidence against one threshold.
 * @see Huang et al. 2018, "Multi-Scale Dense Networks", arXiv 1703.09844
 * @see Laskaridis et al. 2020, "SPINN", arXiv 2008.06402
 */
export const uniform = defineScheme({
  id: "uniform",
  title: "Uniform placement",
  source: "MSDNet (Huang et al., ICLR 2018), SPINN (Laskaridis et al., MobiCom 2020)",
  policy: "top1",
  macsShares: [0.25, 0.5, 0.75],
});
