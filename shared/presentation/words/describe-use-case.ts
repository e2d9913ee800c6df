import { constraints, describeConstraint } from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";
import { formatConfidence } from "./describe-guarantee.ts";

/** The use case in a few words: `drop ≤ 0.50 pp, mean ≤ 0.60 ms`. */
export function describeUseCase(useCase: UseCase): string {
  const parts = constraints.flatMap(({ field }) => {
    const wanted = useCase[field];
    return wanted === undefined ? [] : [describeConstraint(field, wanted, useCase.latency)];
  });
  const { latency, confidence } = useCase;
  const wishes = parts.length > 0 ? parts.join(", ") : `least ${latency} latency`;
  const sure = confidence === undefined ? wishes : `${wishes}, guaranteed ${formatConfidence(confidence)}`;
  return useCase.classWeights ? `${sure}, weighted by class` : sure;
}
