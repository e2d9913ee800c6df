import { Check, X } from "lucide-react";
import { constraintChecks } from "../../../shared/presentation/verdict/constraint-checks.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import styles from "./ConstraintList.module.css";

/** Each constraint of the use case: met or missed, and by how much. */
export function ConstraintList() {
  const useCase = useDesign((state) => state.useCase);
  const figures = useLive((state) => state.figures);
  const backbone = useLive((state) => state.backbone);
  if (!figures || !backbone) return null;
  const checks = constraintChecks(useCase, { figures, backboneAccuracy: backbone.accuracy });
  return (
    <ul className={styles.list}>
      {checks.map(({ field, name, limit, chosen: { isMet, gap } }) => (
        <li key={field} className={isMet ? styles.met : styles.missed}>
          {isMet ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
          <span className={styles.wanted}>{`${name} ${limit}`}</span>
          <span className={styles.outcome}>{`${isMet ? "met" : "missed"} by ${gap}`}</span>
        </li>
      ))}
    </ul>
  );
}
