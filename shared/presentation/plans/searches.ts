import type { FrontFile, SearchRecord } from "../../files/front-file.ts";
import { algorithmSeries, frozenSeries, type Series } from "./series.ts";

/** A search of a front's file, as tables list it. */
export interface ListedSearch {
  readonly search: SearchRecord;
  readonly series: Series;
}

/** All searches of a front: ours, the same without tuned networks, and the alternatives. */
export function listedSearches({ searches, frozen }: FrontFile): ListedSearch[] {
  const [ours, ...others] = searches.map((search, index) => ({
    search,
    series: algorithmSeries(search.algorithm, index === 0),
  }));
  return [...(ours ? [ours] : []), ...(frozen ? [{ search: frozen, series: frozenSeries }] : []), ...others];
}
