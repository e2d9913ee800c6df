import { formatFactor, formatMs, formatPercent } from "../../../shared/base/format-number.ts";
import { useLive } from "../../state/live-store.ts";
import styles from "./LiveFooter.module.css";

/** The live plan and the backbone in one line each, at the lower edge of the right column. */
export function LiveFooter() {
  const figures = useLive((state) => state.figures);
  const backbone = useLive((state) => state.backbone);
  if (!backbone) return <section className={styles.none}>no live figures yet</section>;
  return (
    <section className={styles.footer} aria-label="Live plan and backbone, mean latency">
      <span className={styles.mark} data-kind="live" aria-hidden />
      <span>live</span>
      {figures ? (
        <>
          <b>{formatPercent(figures.accuracy)}</b>
          <b>{formatMs(figures.latencyMs.mean)}</b>
          <b>{formatFactor(backbone.latencyMs.mean / figures.latencyMs.mean)}</b>
        </>
      ) : (
        <span className={styles.unfit}>the plan doesn't fit these heads</span>
      )}
      <span className={styles.mark} data-kind="backbone" aria-hidden />
      <span>backbone</span>
      <span>{formatPercent(backbone.accuracy)}</span>
      <span>{formatMs(backbone.latencyMs.mean)}</span>
      <span />
    </section>
  );
}
