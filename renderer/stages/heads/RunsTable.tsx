import { useMemo } from "react";
import { formatPercent, formatSeconds } from "../../../shared/base/format-number.ts";
import { lastAccuracy, meanAccuracy, type TrainingRun } from "../../../shared/files/training-run.ts";
import { differingOptions } from "../../../shared/presentation/progress/run-options.ts";
import { noteRun, useDesign } from "../../state/design-store.ts";
import { maxShownRuns, takeRunOptions, toggleRun } from "../../state/stages/training-runs.ts";
import { Button } from "../../ui/Button.tsx";
import controlStyles from "../../ui/control.module.css";
import { NoteField } from "../../ui/NameField.tsx";
import textStyles from "../../ui/text.module.css";
import { whenInWords } from "../../ui/when-in-words.ts";
import { runLook } from "./RunCurves.tsx";
import styles from "./RunsDialog.module.css";

interface RunsTableProps {
  readonly runs: readonly TrainingRun[];
  /** Those whose curves are drawn, in the order of their looks. */
  readonly shown: readonly TrainingRun[];
}

/** A row a run: what it was asked for, what came of it, and what the person says of it. */
export function RunsTable({ runs, shown }: RunsTableProps) {
  const options = useMemo(() => differingOptions(runs), [runs]);
  const kept = useMemo(() => runs.map(({ number }) => number), [runs]);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">When</th>
          <th scope="col" title="What these runs were asked for, as far as it differs">
            Options that differ
          </th>
          <th scope="col" className={styles.number}>
            Seed
          </th>
          <th scope="col" className={styles.number} title="Of all heads, on the calibration split">
            Mean
          </th>
          <th scope="col" className={styles.number} title="Of the deepest head, on the calibration split">
            Last
          </th>
          <th
            scope="col"
            className={styles.number}
            title="Training alone; heads that come from the cache take next to none"
          >
            Time
          </th>
          <th scope="col" className={styles.note}>
            Note
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {runs.map((run, index) => (
          <Row
            key={run.number}
            run={run}
            options={options[index]}
            place={shown.indexOf(run)}
            canShow={shown.length < maxShownRuns}
            kept={kept}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly run: TrainingRun;
  readonly options: ReturnType<typeof differingOptions>[number];
  /** Among those that are shown; -1 if it isn't. */
  readonly place: number;
  /** Whether one more may be shown. */
  readonly canShow: boolean;
  readonly kept: readonly number[];
}

function Row({ run, options, place, canShow, kept }: RowProps) {
  const { number, startedAt, seconds } = run;
  const note = useDesign(({ runNotes }) => runNotes?.[number] ?? "");
  return (
    <tr>
      <th scope="row">
        <label className={styles.run}>
          <input
            type="checkbox"
            aria-label={`Curves of run ${number}`}
            checked={place >= 0}
            disabled={place < 0 && !canShow}
            onChange={() => toggleRun(number)}
          />
          {number}
          <Swatch place={place} />
        </label>
      </th>
      <td className={styles.when}>{whenInWords(startedAt, new Date())}</td>
      <td className={styles.options}>
        {options.map(({ label, value }) => (
          <span key={label}>
            <span className={textStyles.soft}>{label}</span> {value}
          </span>
        ))}
      </td>
      <td className={styles.number}>{run.options.training.seed}</td>
      <td className={styles.number}>{formatPercent(meanAccuracy(run))}</td>
      <td className={styles.number}>{formatPercent(lastAccuracy(run))}</td>
      <td className={styles.number}>{formatSeconds(seconds)}</td>
      <td className={styles.note}>
        <NoteField
          label={`Note on run ${number}`}
          note={note}
          onNote={(text) => noteRun(number, text, kept)}
        />
      </td>
      <td className={styles.number}>
        <Button
          className={controlStyles.small}
          title={`Put the options of run ${number} into the form`}
          onClick={() => takeRunOptions(run)}
        >
          Take options
        </Button>
      </td>
    </tr>
  );
}

/** How the run's curves are drawn. */
function Swatch({ place }: Pick<RowProps, "place">) {
  const { colour, dash } = runLook(Math.max(0, place));
  return (
    <svg width="20" height="8" aria-hidden="true">
      {place >= 0 && (
        <line x1="0" x2="20" y1="4" y2="4" stroke={colour} strokeWidth="2" strokeDasharray={dash} />
      )}
    </svg>
  );
}
