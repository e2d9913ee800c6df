import { type Constraint, constraints } from "../../shared/model/constraints.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { formatConfidence } from "../../shared/presentation/words/describe-guarantee.ts";
import { setUseCase, useDesign } from "../state/design-store.ts";

export const latencyChoices = [
  { value: "mean", label: "Mean" },
  { value: "p50", label: "Median" },
  { value: "p95", label: "95th percentile" },
] as const;

export const frontChoices = [
  { value: "latency", label: "Latency" },
  { value: "energy", label: "Energy" },
] as const;

/** Whether a front of energies can be wished for, or is: where the target's profile says what the backbone takes. */
export function isFrontChosen({ axis }: UseCase, isEnergyKnown: boolean): boolean {
  return isEnergyKnown || axis === "energy";
}

/** The constraints that the target's profile can say anything of, and those that bind already. */
export function offeredConstraints(useCase: UseCase, isEnergyKnown: boolean): readonly Constraint[] {
  return constraints.filter(
    ({ field }) => field !== "maxEnergyMillijoules" || isEnergyKnown || useCase[field] !== undefined,
  );
}

/** What is offered; a project may bring another one. */
const offeredConfidences = [0.9, 0.95, 0.99];

export function confidenceChoices(current: number | undefined) {
  const all = new Set([...offeredConfidences, ...(current === undefined ? [] : [current])]);
  return [
    { value: "", label: "None" },
    ...[...all]
      .sort((a, b) => a - b)
      .map((confidence) => ({
        value: String(confidence),
        label: `With ${formatConfidence(confidence)} confidence`,
      })),
  ];
}

/** Weighs a class; 1 and nothing are the same. */
export function weighClass(index: number, weight: number | undefined): void {
  const { [index]: _before, ...others } = useDesign.getState().useCase.classWeights ?? {};
  const changed = weight === undefined || weight === 1 ? others : { ...others, [index]: weight };
  setUseCase({ classWeights: Object.keys(changed).length > 0 ? changed : undefined });
}

/** What a class's weight may be. */
export const weightRange = { min: 0, max: 1e6 } as const;
