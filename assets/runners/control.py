"""Holds a budget by moving along the operating points of an export: no package needed."""


class BudgetController:
    """Runs the dearest points that a budget allows, whatever an input costs there: a time, an energy, any number that is measured.

    A debt grows by what an input costs above the budget, in budgets, falls by what it costs below, and is never less than 0; each
    `patience` of it is a step towards the cheapest point. Over n inputs that can be afforded at all, the mean is above the budget by
    patience * points / n budgets at most, however the stream changes: a virtual queue, Neely 2010,
    doi:10.2200/S00271ED1V01Y201006CNT007. With a quantile q the share of inputs that cost more than the budget is held at 1 - q, as in
    Gibbs and Candes 2021, arXiv 2106.00170. Switching costs nothing, so between two points it goes back and forth.
    """

    def __init__(self, points, budget, quantile=None, patience=5):
        """points: names from the cheapest to the dearest, such as `StagedNetwork.by_cost()`; patience: at least as many as set out before the first one's cost is known"""
        if not points or not budget > 0 or not (quantile is None or 0 < quantile < 1) or not patience > 0:
            raise ValueError("a controller needs points, a budget and patience above 0, and a quantile between 0 and 1 or none")
        self.points, self.budget, self.quantile, self.patience = points, budget, quantile, patience
        self.debt = 0.0

    @property
    def point(self):
        """The one to run the next input at."""
        steps = int(self.debt // self.patience)
        return self.points[max(0, len(self.points) - 1 - steps)]

    def spend(self, cost):
        """What the input cost that was run last."""
        if not cost >= 0:
            raise ValueError(f"an input cost {cost}, expected 0 or more")
        above = cost / self.budget - 1 if self.quantile is None else (cost > self.budget) - (1 - self.quantile)
        self.debt = min(max(0.0, self.debt + above), float(self.patience * len(self.points)))
