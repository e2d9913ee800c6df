import { exitEnergies, exitLatencies } from "../../evaluate/evaluate-plan.ts";
import { groupMean, groupPercentile } from "../../evaluate/latency-measure.ts";
import type { Spread } from "../../evaluate/reference/sweep-state.ts";
import { type Sweep, sweptCandidates } from "../../evaluate/sweep.ts";
import { constraintOf, ROUNDING, spreadLimits } from "../../model/constraints.ts";
import type { PlanFigures } from "../../model/plan.ts";
import type { UseCase } from "../../model/use-case.ts";
import type { SearchSpace } from "../../space/search-space.ts";

/**
 * Whether plans meet the limits of a use case on how samples spread over their exits. The front has no axis for
 * those, so a search has to look at every plan that it would take in.
 * @returns nothing if the use case has no such limit
 */
export function figuresAdmission(useCase: UseCase): ((figures: PlanFigures) => boolean) | undefined {
  const limits = spreadLimits(useCase).map(({ field, wanted }) => ({
    wanted,
    excess: constraintOf(field).excess,
  }));
  if (limits.length === 0) return undefined;
  return (figures) =>
    limits.every(
      ({ wanted, excess }) => excess(wanted, { figures, backboneAccuracy: 0 }, useCase.latency) <= ROUNDING,
    );
}

/** Of the plans of one sweep, or of the backbone alone where there is none: whether one whose samples leave like this is admitted. */
export type Admission = (sweep?: Sweep) => (spread: Pick<Spread, "counts" | "groups">) => boolean;

/**
 * The same from how the samples of a swept plan leave.
 * @param space with its own latencies and energies, whatever the front counts
 */
export function createAdmission(
  useCase: UseCase,
  space: Pick<SearchSpace, "candidates" | "backboneMs" | "backboneMillijoules">,
): Admission | undefined {
  const admits = figuresAdmission(useCase);
  if (!admits) return undefined;
  return (sweep) => {
    const exits = (sweep ? sweptCandidates(sweep) : []).map((candidate) => ({ candidate }));
    const figures = new SpreadFigures(exitLatencies(space, exits), exitEnergies(space, exits));
    return (spread) => admits(figures.of(spread));
  };
}

/** Works out what a limit asks for and nothing else, as every plan of a search is looked at. */
class SpreadFigures implements PlanFigures {
  readonly accuracy = 0;
  readonly macs = 0;
  readonly bytes = 0;
  readonly exitRates = [0];
  readonly latencyMs: PlanFigures["latencyMs"];
  #counts: ArrayLike<number> = [];
  #groups = 0;
  #samples = 0;

  constructor(
    latencies: readonly number[],
    private readonly energies: readonly number[] | undefined,
  ) {
    const mean = () => this.#mean(latencies);
    const percentile = (percent: number) =>
      groupPercentile(this.#counts, latencies, this.#groups, this.#samples, percent);
    this.latencyMs = {
      get mean() {
        return mean();
      },
      get p50() {
        return percentile(50);
      },
      get p95() {
        return percentile(95);
      },
      get worst() {
        return percentile(100);
      },
    };
  }

  of({ counts, groups }: Pick<Spread, "counts" | "groups">): this {
    this.#counts = counts;
    this.#groups = groups;
    this.#samples = 0;
    for (let group = 0; group < groups; group++) this.#samples += counts[group];
    this.exitRates[0] = counts[groups - 1] / this.#samples;
    return this;
  }

  get energyMillijoules(): number | undefined {
    return this.energies && this.#mean(this.energies);
  }

  #mean(costs: readonly number[]): number {
    return groupMean(this.#counts, costs, this.#groups, this.#samples);
  }
}
