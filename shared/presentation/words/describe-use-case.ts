import { constraints, describeConstraint } from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";
import { formatConfidence } from "./describe-guarantee.ts";

/** What a use case looks for among plans that keep its wishes. */
export function bestPlanText({ axis }: Pick<UseCase, "axis">): string {
  return axis === "energy" ? "plan of least energy" : "fastest plan";
}

/** The use case in a few words: `drop ≤ 0.50 pp, mean ≤ 0.60 ms`. */
export function describeUseCase(useCase: UseCase): string {
  const parts = constraints.flatMap(({ field }) => {
    const wanted = useCase[field];
    return wanted === undefined ? [] : [describeConstraint(field, wanted, useCase.latency)];
  });
  const { axis, latency, confidence } = useCase;
  const least = axis === "energy" ? "least energy" : `least ${latency} latency`;
  const counted = axis === "energy" ? [...parts, "front of energies"] : parts;
  const wishes = parts.length > 0 ? counted.join(", ") : least;
  const sure = confidence === undefined ? wishes : `${wishes}, guaranteed ${formatConfidence(confidence)}`;
  return useCase.classWeights ? `${sure}, weighted by class` : sure;
}
