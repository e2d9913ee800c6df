import { formatPercent } from "../../shared/format-number.ts";
import styles from "./ExitRates.module.css";

/** Labels stand in parts that are at least this wide, share of the bar. */
const labelled = 0.12;

/** Share of samples that leaves at each exit, as one bar; the backbone's own output last. */
export function ExitRates({ rates }: { readonly rates: readonly number[] }) {
  const titleOf = (index: number) => (index < rates.length - 1 ? `exit ${index + 1}` : "backbone");
  const words = rates.map((rate, index) => `${titleOf(index)} ${formatPercent(rate)}`).join(", ");
  return (
    <div className={styles.bar} role="img" aria-label={`Exit rates: ${words}`}>
      {rates.map((rate, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: an exit rate is its place in the plan
          key={index}
          className={index < rates.length - 1 ? styles.exit : styles.backbone}
          style={{ flexGrow: rate }}
          title={`${titleOf(index)}: ${formatPercent(rate)}`}
        >
          {rate >= labelled && (index < rates.length - 1 ? index + 1 : "◆")}
          {rate >= 2 * labelled && <span> · {formatPercent(rate, 0)}</span>}
        </div>
      ))}
    </div>
  );
}
