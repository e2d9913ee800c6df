import { formatPercent } from "../../../shared/base/format-number.ts";
import { useCutPointNames } from "../../state/cut-point-names.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { select } from "../../state/view-store.ts";
import controlStyles from "../../ui/control.module.css";
import textStyles from "../../ui/text.module.css";
import styles from "./ExitList.module.css";
import { ExitRates } from "./ExitRates.tsx";

/** Where samples leave: one stacked bar, and the exits by name to select. */
export function ExitList() {
  const exits = useDesign((state) => state.exits);
  const nameOf = useCutPointNames();
  const rates = useLive(({ figures }) => figures?.exitRates);
  return (
    <>
      {rates && <ExitRates rates={rates} />}
      {exits.length === 0 && (
        <p className={textStyles.soft}>
          Every sample goes through the whole backbone, which as the end of a plan also states its confidence.
          Add an exit at a marker of the graph, or take a plan from the chart.
        </p>
      )}
      <ol className={controlStyles.lines}>
        {exits.map(({ member, cutPoint, threshold }, index) => (
          <li key={`${member} ${cutPoint}`}>
            <button
              type="button"
              className={styles.exit}
              onClick={() => select({ kind: "exit", member, cutPoint })}
            >
              <b>{index + 1}</b>
              <span className={styles.name} title={cutPoint}>
                <bdi>{nameOf(cutPoint, member)}</bdi>
              </span>
              <span className={styles.threshold}>≥ {threshold.toFixed(3)}</span>
              {rates && <span className={styles.rate}>{formatPercent(rates[index] ?? 0)}</span>}
            </button>
          </li>
        ))}
        {rates && exits.length > 0 && (
          <li className={styles.end}>
            <b aria-hidden>◆</b>
            <span className={styles.name}>the backbone's output</span>
            <span className={styles.rate}>{formatPercent(rates[exits.length] ?? 0)}</span>
          </li>
        )}
      </ol>
    </>
  );
}
