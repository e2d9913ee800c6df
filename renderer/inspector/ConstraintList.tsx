import { Check, X } from "lucide-react";
import { type ConstraintCheck, checkConstraints, units } from "../../shared/model/constraints.ts";
import type { UseCase } from "../../shared/model/use-case.ts";
import { useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import styles from "./ConstraintList.module.css";

/** Each constraint of the use case: met or missed, and by how much. */
export function ConstraintList() {
  const useCase = useDesign((state) => state.useCase);
  const figures = useLive((state) => state.figures);
  const backbone = useLive((state) => state.backbone);
  if (!figures || !backbone) return null;
  const checks = checkConstraints(useCase, { figures, backboneAccuracy: backbone.accuracy });
  return (
    <ul className={styles.list}>
      {checks.map((check) => (
        <li key={check.constraint.field} className={check.isMet ? styles.met : styles.missed}>
          {check.isMet ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
          <span className={styles.wanted}>{wantedText(check, useCase)}</span>
          <span className={styles.outcome}>{outcome(check)}</span>
        </li>
      ))}
    </ul>
  );
}

/** As "mean latency ≤ 0.60 ms". */
function wantedText({ constraint, wanted }: ConstraintCheck, useCase: UseCase): string {
  const sign = constraint.bound === "most" ? "≤" : "≥";
  const origin = useCase[constraint.field] === undefined ? " (the default)" : "";
  return `${constraint.name(useCase.latency)} ${sign} ${units[constraint.unit].format(wanted)}${origin}`;
}

/** As "missed by 0.12 ms". */
function outcome({ constraint, wanted, got, isMet }: ConstraintCheck): string {
  return `${isMet ? "met" : "missed"} by ${units[constraint.unit].formatGap(Math.abs(got - wanted))}`;
}
