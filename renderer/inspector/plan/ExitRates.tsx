import { formatPercent } from "../../../shared/base/format-number.ts";
import { exitRatesOf } from "../../../shared/presentation/exits/exit-rates.ts";
import styles from "./ExitRates.module.css";

/** Shares of the bar that are wide enough for a number, and for its rate as well. */
const wideEnough = { number: 0.06, rate: 0.22 } as const;

/** Share of samples that leaves at each exit, as one bar; the backbone's own output last. */
export function ExitRates({ rates }: { readonly rates: readonly number[] }) {
  const parts = exitRatesOf(rates);
  const words = parts.map(({ name, text }) => `${name} ${text}`).join(", ");
  return (
    <div className={styles.bar} role="img" aria-label={`Exit rates: ${words}`}>
      {parts.map(({ name, isBackbone, rate, text }, index) => (
        <div
          key={name}
          className={isBackbone ? styles.backbone : styles.exit}
          style={{ flexGrow: rate }}
          title={`${name}: ${text}`}
        >
          {rate >= wideEnough.number && (isBackbone ? "◆" : index + 1)}
          {rate >= wideEnough.rate && <span> · {formatPercent(rate, 0)}</span>}
        </div>
      ))}
    </div>
  );
}
