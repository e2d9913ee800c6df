/** What the sort compares: both are minimised. */
export interface Losses {
  readonly wrong: number;
  readonly latencyMs: number;
}

/**
 * Fast non-dominated sort: the first front is what nobody dominates, the second what only the first dominates, …
 * @returns fronts of indices into `items`
 * @see Deb et al. 2002, section III-A, doi:10.1109/4235.996017
 */
export function nonDominatedSort(items: readonly Losses[]): number[][] {
  const dominated = items.map((item) => [...items.keys()].filter((other) => dominates(item, items[other])));
  const dominators = new Array<number>(items.length).fill(0);
  for (const others of dominated) for (const other of others) dominators[other]++;
  const fronts: number[][] = [];
  let front = [...items.keys()].filter((index) => dominators[index] === 0);
  while (front.length > 0) {
    fronts.push(front);
    front = front.flatMap((index) => dominated[index].filter((other) => --dominators[other] === 0));
  }
  return fronts;
}

function dominates(a: Losses, b: Losses): boolean {
  return a.wrong <= b.wrong && a.latencyMs <= b.latencyMs && (a.wrong < b.wrong || a.latencyMs < b.latencyMs);
}

/**
 * How far each member of a front is from its neighbours: the sides of the box between them, as shares of the
 * front's extent, summed. The ends of the front are infinitely far.
 * @param front indices into `items`
 * @returns per member of the front
 * @see Deb et al. 2002, section III-B
 */
export function crowdingDistances(items: readonly Losses[], front: readonly number[]): number[] {
  const distances = new Array<number>(front.length).fill(0);
  for (const loss of ["wrong", "latencyMs"] as const) {
    const order = [...front.keys()].sort((a, b) => items[front[a]][loss] - items[front[b]][loss]);
    const value = (k: number) => items[front[order[k]]][loss];
    const extent = value(order.length - 1) - value(0);
    distances[order[0]] = Number.POSITIVE_INFINITY;
    distances[order[order.length - 1]] = Number.POSITIVE_INFINITY;
    for (let k = 1; k + 1 < order.length; k++) {
      if (extent > 0) distances[order[k]] += (value(k + 1) - value(k - 1)) / extent;
    }
  }
  return distances;
}
