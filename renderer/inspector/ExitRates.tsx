import { formatPercent } from "../../shared/base/format-number.ts";
import styles from "./ExitRates.module.css";

/** Shares of the bar that are wide enough for a number, and for its rate as well. */
const wideEnough = { number: 0.06, rate: 0.22 } as const;

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
          {rate >= wideEnough.number && (index < rates.length - 1 ? index + 1 : "◆")}
          {rate >= wideEnough.rate && <span> · {formatPercent(rate, 0)}</span>}
        </div>
      ))}
    </div>
  );
}
