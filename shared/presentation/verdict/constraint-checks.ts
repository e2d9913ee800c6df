import {
  type ConstraintCheck,
  checkConstraints,
  type Judged,
  limitText,
  units,
} from "../../model/constraints.ts";
import type { UseCase } from "../../model/use-case.ts";

/** What a plan attains of one constraint, in words. */
export interface Attained {
  readonly isMet: boolean;
  /** In the constraint's own unit, and in words. */
  readonly got: number;
  readonly text: string;
  /** By how much it is kept or missed. */
  readonly gap: string;
  /** The same as a number, in the constraint's unit; not below 0. */
  readonly by: number;
}

/** A constraint of the use case beside what the plan does. */
export interface CheckedConstraint {
  readonly field: ConstraintCheck["constraint"]["field"];
  readonly about: ConstraintCheck["constraint"]["about"];
  /** What is limited: "accuracy drop", "mean latency (the default)". */
  readonly name: string;
  /** In the constraint's own unit. */
  readonly wanted: number;
  /** "≤ 0.50 pp". */
  readonly limit: string;
  /** "at most 0.50 pp accuracy drop". */
  readonly wish: string;
  /** On the samples that the plan was chosen on: the calibration split, or all held-out ones. */
  readonly chosen: Attained;
  /** As measured on the test split; accuracy by the cross-fitted estimate where there is one; absent before it is, and where nobody measured that. */
  readonly measured?: Attained;
}

/** Every constraint that the plan was chosen under; the default drop where the use case states none. */
export function constraintChecks(useCase: UseCase, chosen: Judged, measured?: Judged): CheckedConstraint[] {
  const found = measured && checkConstraints(useCase, measured);
  return checkConstraints(useCase, chosen).map((check, index) => {
    const { constraint, wanted } = check;
    const { field, about, bound, name, unit } = constraint;
    const stated = units[unit].format(wanted);
    const origin = useCase[field] === undefined ? " (the default)" : "";
    const named = `${name(useCase.latency)}${origin}`;
    return {
      field,
      about,
      name: named,
      wanted,
      limit: limitText(constraint, wanted),
      wish: `at ${bound === "max" ? "most" : "least"} ${stated} ${named}`,
      chosen: attained(check),
      measured: found && isKnown(found[index]) ? attained(found[index]) : undefined,
    };
  });
}

/** Energy is measured only where a sensor tells it. */
function isKnown({ got }: ConstraintCheck): boolean {
  return Number.isFinite(got);
}

function attained({ constraint, wanted, got, isMet }: ConstraintCheck): Attained {
  const { format, formatGap } = units[constraint.unit];
  const by = Math.abs(got - wanted);
  return { isMet, got, text: format(got), gap: formatGap(by), by };
}
