import type { CutPoint } from "../../../shared/model/backbone.ts";
import type { Pooling } from "../heads/pooling.ts";
import { featureRowBytes } from "./extract-features.ts";
import { storedRows } from "./feature-store.ts";

/** Disk that the features of one pass over the train images may take. */
export const featureBudgetBytes = 4e9;

/** Passes over the train images that all networks together should need at most: each goes through a whole network. */
const mostPasses = 4;

/** Fewer images teach nothing. */
const fewestRows = 100;

/** What is stored of a network's cut points. */
export interface StoredFeatures {
  readonly cutPoints: readonly CutPoint[];
  readonly poolings: readonly Pooling[];
  readonly classes: number;
  /** Further versions of each image. */
  readonly copies: number;
}

/**
 * The most train images of which the features of every cut point fit the disk budget, and whose features fit that of a few
 * passes together.
 */
export function rowLimit(networks: readonly StoredFeatures[], budgetBytes = featureBudgetBytes): number {
  const perCut = networks.map((network) =>
    network.cutPoints.map((cut) => (1 + network.copies) * rowBytes([cut], network)),
  );
  const largest = Math.max(1, ...perCut.flat());
  const all = Math.max(
    1,
    perCut.flat().reduce((sum, bytes) => sum + bytes, 0),
  );
  return Math.max(fewestRows, Math.floor(Math.min(budgetBytes / largest, (mostPasses * budgetBytes) / all)));
}

function rowBytes(cuts: readonly CutPoint[], { poolings, classes }: StoredFeatures): number {
  return featureRowBytes(cuts, poolings, classes);
}

/** Neighbouring cut points whose features fit the disk budget together; one that doesn't fit is a group of its own. */
export function featureGroups(
  network: StoredFeatures,
  rows: number,
  budgetBytes = featureBudgetBytes,
): CutPoint[][] {
  const stored = storedRows(rows, network.copies);
  const groups: CutPoint[][] = [];
  for (const cut of network.cutPoints) {
    const last = groups.at(-1);
    if (last && stored * rowBytes([...last, cut], network) <= budgetBytes) last.push(cut);
    else groups.push([cut]);
  }
  return groups;
}
