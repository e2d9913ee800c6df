import type { ExportResult } from "../../shared/ipc/channels.ts";
import { agreements, figureText, verifiedRows } from "../../shared/presentation/verdict/verified-figures.ts";
import { type VerifiedPoint, verifiedPoints } from "../../shared/presentation/verdict/verified-points.ts";
import { Statements } from "../ui/Statements.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./Verification.module.css";

export type Verified = NonNullable<ExportResult["verification"]>;

interface VerificationProps {
  readonly verification: Verified;
  /** The worker that it was measured on; null if that was this machine. */
  readonly on: string | null;
  /** The same files at their operating points. */
  readonly points: ExportResult["points"];
}

/** Predicted beside measured, on the test split and in the exported files themselves. */
export function Verification({ verification, on, points }: VerificationProps) {
  return (
    <div className={styles.verification}>
      <Statements statements={verification.verdict} />
      {on !== null && (
        <p>
          Measured on <strong>{on}</strong>, where its latencies count.
        </p>
      )}
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
            {verifiedRows(verification).map(({ title, backbone, predicted, measured }) => (
              <tr key={title}>
                <th scope="row">{title}</th>
                <td>{figureText(predicted)}</td>
                <td className={textStyles.strong}>{figureText(measured)}</td>
                <td className={styles.soft}>{figureText(backbone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {points.length > 0 && <Points rows={verifiedPoints(verification, points)} />}
      <dl className={styles.agreement}>
        {agreements(verification).map(({ name, value, note }) => (
          <div key={name} title={note}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** What each set of thresholds was predicted to do, and did, in the same files. */
function Points({ rows }: { readonly rows: readonly VerifiedPoint[] }) {
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <caption className="visually-hidden">Operating points of the same files on the test split</caption>
        <thead>
          <tr>
            <th scope="col">Operating point</th>
            <th scope="col">Accuracy, predicted</th>
            <th scope="col">Measured</th>
            <th scope="col">Mean latency, predicted</th>
            <th scope="col">Measured</th>
            <th scope="col">Decisions agree</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, accuracy, meanLatency, agreement }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td title={figureText(accuracy.predicted)}>{accuracy.predicted?.text}</td>
              <td title={figureText(accuracy.measured)} className={textStyles.strong}>
                {accuracy.measured?.text}
              </td>
              <td title={figureText(meanLatency.predicted)}>{meanLatency.predicted?.text}</td>
              <td title={figureText(meanLatency.measured)} className={textStyles.strong}>
                {meanLatency.measured?.text}
              </td>
              <td>{agreement}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
