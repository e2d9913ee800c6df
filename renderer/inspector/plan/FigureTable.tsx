import { ArrowDown } from "lucide-react";
import { Fragment } from "react";
import { formatPoints } from "../../../shared/base/format-number.ts";
import type { SettledOutlook } from "../../../shared/guarantee/drop-bounds.ts";
import type { PlanGain } from "../../../shared/presentation/plans/plan-gains.ts";
import { formatConfidence } from "../../../shared/presentation/words/describe-guarantee.ts";
import { formatProbability } from "../../../shared/presentation/words/describe-outlook.ts";
import { useLiveOutlook } from "../../state/live-outlook.ts";
import { useLive } from "../../state/live-store.ts";
import { liveGains, useLivePrediction } from "../../state/live-verdict.ts";
import { Glossed } from "../../ui/Glossed.tsx";
import styles from "./FigureTable.module.css";

/** The live plan's figures beside the backbone's, and what is gained: more than 1x is good. */
export function FigureTable() {
  const gains = liveGains(useLive(), useLivePrediction());
  const outlook = useLiveOutlook();
  if (gains.length === 0) return null;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <td />
          <th scope="col">live</th>
          <th scope="col">backbone</th>
          <th scope="col">gain</th>
        </tr>
      </thead>
      <tbody>
        {gains.map((gain) => (
          <Fragment key={gain.label}>
            <GainRow gain={gain} />
            {gain.intervals && <IntervalRow intervals={gain.intervals} />}
          </Fragment>
        ))}
        {outlook && !("none" in outlook) && <OutlookRow outlook={outlook} />}
      </tbody>
    </table>
  );
}

function GainRow({ gain: { label, unit, plan, backbone, gain, isWorse } }: { readonly gain: PlanGain }) {
  return (
    <tr>
      <th scope="row">
        <Glossed>{label}</Glossed>
        {unit && (
          <span className={styles.unit}>
            {" "}
            <Glossed>{unit}</Glossed>
          </span>
        )}
      </th>
      <td className={styles.live}>{plan}</td>
      <td>{backbone}</td>
      <td className={isWorse ? styles.worse : undefined}>
        {isWorse && <ArrowDown size={10} aria-hidden />}
        {gain}
        {isWorse && <span className="visually-hidden"> worse than the backbone</span>}
      </td>
    </tr>
  );
}

/** Below the live plan's figure and the gain; both reach over a neighbour's column, so that they make no column wider. */
function IntervalRow({ intervals: [plan, gain] }: { readonly intervals: readonly [string, string] }) {
  return (
    <tr className={styles.intervals}>
      <td colSpan={2}>{plan}</td>
      <td colSpan={2}>{gain}</td>
    </tr>
  );
}

/** What the drop may be on images that had no part in the choice, and how probably the wish is kept there. */
function OutlookRow({ outlook }: { readonly outlook: SettledOutlook }) {
  const { upperBoundPp, confidence, keptProbability } = outlook;
  return (
    <tr>
      <th scope="row">drop, new images</th>
      <td className={styles.live}>
        {`≤ ${formatPoints(upperBoundPp)}`}
        <small>{formatConfidence(confidence)}</small>
      </td>
      <td colSpan={2}>{keptProbability !== undefined && `kept: ${formatProbability(keptProbability)}`}</td>
    </tr>
  );
}
