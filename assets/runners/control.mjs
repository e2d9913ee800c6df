// Holds a budget by moving along the operating points of an export: no package needed.

/**
 * Runs the dearest points that a budget allows, whatever an input costs there: a time, an energy, any number that is measured.
 *
 * A debt grows by what an input costs above the budget, in budgets, falls by what it costs below, and is never less than 0; each
 * `patience` of it is a step towards the cheapest point. Over n inputs that can be afforded at all, the mean is above the budget by
 * patience * points / n budgets at most, however the stream changes: a virtual queue, Neely 2010,
 * doi:10.2200/S00271ED1V01Y201006CNT007. With a quantile q the share of inputs that cost more than the budget is held at 1 - q, as in
 * Gibbs and Candes 2021, arXiv 2106.00170. Switching costs nothing, so between two points it goes back and forth.
 */
export class BudgetController {
  #debt = 0;

  /**
   * @param points names from the cheapest to the dearest, such as `network.byCost()`
   * @param options.patience at least as many inputs as set out before the first one's cost is known
   */
  constructor(points, budget, { quantile, patience = 5 } = {}) {
    const isQuantile = quantile === undefined || (quantile > 0 && quantile < 1);
    if (points.length === 0 || !(budget > 0) || !isQuantile || !(patience > 0))
      throw new Error(
        "a controller needs points, a budget and patience above 0, and a quantile between 0 and 1 or none",
      );
    Object.assign(this, { points, budget, quantile, patience });
  }

  /** The one to run the next input at. */
  get point() {
    const steps = Math.floor(this.#debt / this.patience);
    return this.points[Math.max(0, this.points.length - 1 - steps)];
  }

  /** What the input cost that was run last. */
  spend(cost) {
    if (!(cost >= 0)) throw new Error(`an input cost ${cost}, expected 0 or more`);
    const { budget, quantile, patience, points } = this;
    const above = quantile === undefined ? cost / budget - 1 : Number(cost > budget) - (1 - quantile);
    this.#debt = Math.min(Math.max(0, this.#debt + above), patience * points.length);
  }
}
