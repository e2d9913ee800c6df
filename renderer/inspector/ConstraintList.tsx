import { Check, X } from "lucide-react";
import { checkConstraints } from "../live/constraint-checks.ts";
import { useDesign } from "../stores/design-store.ts";
import { useLive } from "../stores/live-store.ts";
import styles from "./ConstraintList.module.css";

/** Each constraint of the use case: met or missed, and by how much. */
export function ConstraintList() {
  const useCase = useDesign((state) => state.useCase);
  const figures = useLive((state) => state.figures);
  const backbone = useLive((state) => state.backbone);
  if (!figures || !backbone) return null;
  return (
    <ul className={styles.list}>
      {checkConstraints(useCase, figures, backbone.accuracy).map(({ wanted, met, gap }) => (
        <li key={wanted} className={met ? styles.met : styles.missed}>
          {met ? <Check size={14} aria-hidden /> : <X size={14} aria-hidden />}
          <span className={styles.wanted}>{wanted}</span>
          <span className={styles.outcome}>{met ? `met by ${gap}` : `missed by ${gap}`}</span>
        </li>
      ))}
    </ul>
  );
}
