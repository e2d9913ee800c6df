// Holds a budget by moving along the operating points of an export; C++17 alone.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace offramp {

/// Runs the dearest points that a budget allows, whatever an input costs there: a time, an energy, any number that is measured.
///
///     offramp::BudgetController control(network.by_cost(), 5);  // ms
///     network.choose(control.point());
///     control.spend(ms_of(network.run(images)));
///
/// A debt grows by what an input costs above the budget, in budgets, falls by what it costs below, and is never less than 0; each
/// `patience` of it is a step towards the cheapest point. Over n inputs that can be afforded at all, the mean is above the budget by
/// patience * points / n budgets at most, however the stream changes: a virtual queue, Neely 2010,
/// doi:10.2200/S00271ED1V01Y201006CNT007. With a quantile q the share of inputs that cost more than the budget is held at 1 - q, as in
/// Gibbs and Candes 2021, arXiv 2106.00170. Switching costs nothing, so between two points it goes back and forth.
class BudgetController {
 public:
  /// @param points names from the cheapest to the dearest, such as `Network::by_cost()`
  /// @param patience at least as many inputs as set out before the first one's cost is known
  /// @throws std::runtime_error if there are no points, or a number is out of its range
  BudgetController(std::vector<std::string> points, double budget, std::optional<double> quantile = {}, double patience = 5)
      : points_(std::move(points)), budget_(budget), quantile_(quantile), patience_(patience) {
    const bool is_quantile = !quantile || (*quantile > 0 && *quantile < 1);
    if (points_.empty() || !(budget > 0) || !is_quantile || !(patience > 0))
      throw std::runtime_error(
          "a controller needs points, a budget and patience above 0, and a quantile between 0 and 1 or none");
  }

  double budget() const { return budget_; }

  /// The one to run the next input at.
  const std::string& point() const {
    const auto steps = static_cast<std::size_t>(std::floor(debt_ / patience_));
    const std::size_t dearest = points_.size() - 1;
    return points_[dearest - std::min(dearest, steps)];
  }

  /// What the input cost that was run last. @throws std::runtime_error if it is less than nothing, or no number
  void spend(double cost) {
    if (!(cost >= 0)) throw std::runtime_error("an input cost " + std::to_string(cost) + ", expected 0 or more");
    const double above = quantile_ ? (cost > budget_ ? 1 : 0) - (1 - *quantile_) : cost / budget_ - 1;
    debt_ = std::min(std::max(0.0, debt_ + above), patience_ * static_cast<double>(points_.size()));
  }

 private:
  std::vector<std::string> points_;
  double budget_;
  std::optional<double> quantile_;
  double patience_;
  double debt_ = 0;
};

}  // namespace offramp
