import { defineScheme } from "./fixed-scheme.ts";

/**
 * Few hand-placed side branches that fire on low entropy; the paper gives AlexNet and ResNet-110 two each.
 * Here they stand at a third and two thirds of the MACs. The paper allows a threshold per branch but screens
 * them by hand; one shared value is swept instead.
 * @see Teerapittayanon, McDanel and Kung 2016, arXiv 1709.01686
 */
export const branchynet = defineScheme({
  id: "branchynet",
  title: "BranchyNet",
  source: "Teerapittayanon et al., ICPR 2016",
  policy: "entropy",
  macsShares: [1 / 3, 2 / 3],
});
