import { describeWeighting } from "../../shared/presentation/describe-weighting.ts";
import surfaceStyles from "../ui/surface.module.css";
import textStyles from "../ui/text.module.css";
import styles from "./Verification.module.css";
import { agreementLines, comparedFigures, type Verification as Outcome, verdictOf } from "./verdict.ts";

/** A change of pace (per cent) that says more about other work on the machine than about the plan. */
const restlessPct = 20;

/** Predicted beside measured, on the test split and in the exported files themselves. */
export function Verification({ verification }: { readonly verification: Outcome }) {
  const { tone, text } = verdictOf(verification);
  return (
    <div className={styles.verification}>
      <p className={`${styles.verdict} ${styles[tone]}`} role={tone === "bad" ? "alert" : "status"}>
        {text}
      </p>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption className="visually-hidden">Predicted and measured figures on the test split</caption>
          <thead>
            <tr>
              <td />
              <th scope="col">Predicted</th>
              <th scope="col">Measured</th>
              <th scope="col">Backbone</th>
            </tr>
          </thead>
          <tbody>
            {comparedFigures(verification).map(({ name, backbone, predicted, measured }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{predicted}</td>
                <td className={textStyles.strong}>{measured}</td>
                <td className={styles.soft}>{backbone}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {verification.weighted && (
        <p className={surfaceStyles.warning}>All figures are {describeWeighting(verification.weighted)}.</p>
      )}
      {Math.abs(verification.machineDriftPct) > restlessPct && (
        <p className={surfaceStyles.warning}>
          The machine's pace has changed a lot since it was profiled. Predictions are scaled by it here;
          profile again when nothing else runs to have them right from the start.
        </p>
      )}
      <dl className={styles.agreement}>
        {agreementLines(verification).map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
