import { formatBarePoints, formatPercent } from "../../../shared/base/format-number.ts";
import styles from "../../ui/panel.module.css";
import textStyles from "../../ui/text.module.css";
import ownStyles from "./Tuning.module.css";

/** An output of a network before and after it was tuned; accuracies 0-1. */
export interface OutputGain {
  /** Where there is little room. */
  readonly label: string;
  /** Of an exit, which its label only numbers. */
  readonly name?: string;
  readonly before: number | undefined;
  readonly after: number;
}

interface OutputGainsProps {
  readonly outputs: readonly OutputGain[];
  /** What the last columns are called. */
  readonly columns: readonly [string, string];
  /** The output that is pointed at, and who wants to know. */
  readonly shown?: number;
  onPoint?(output: number | undefined): void;
}

/** What tuning does to each output of a network. */
export function OutputGains({ outputs, columns, shown, onPoint }: OutputGainsProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" colSpan={2}>
            Exit
          </th>
          {[...columns, "Points"].map((column) => (
            <th key={column} scope="col" className={styles.number}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody onPointerLeave={() => onPoint?.(undefined)}>
        {outputs.map(({ label, name, before, after }, output) => (
          <tr
            key={label}
            className={output === shown ? ownStyles.shown : undefined}
            onPointerEnter={() => onPoint?.(output)}
          >
            {name === undefined ? (
              <td colSpan={2}>{label}</td>
            ) : (
              <>
                <td className={styles.number}>{label}</td>
                <td className={ownStyles.name} title={name}>
                  {name}
                </td>
              </>
            )}
            <td className={styles.number}>{before === undefined ? "" : formatPercent(before)}</td>
            <td className={styles.number}>{formatPercent(after)}</td>
            <td className={styles.number}>
              {before !== undefined && <Gain points={100 * (after - before)} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Gain({ points }: { readonly points: number }) {
  const shown = formatBarePoints(points);
  const tone = shown === "0.0" ? textStyles.soft : points > 0 ? textStyles.good : textStyles.bad;
  return <span className={tone}>{shown}</span>;
}
