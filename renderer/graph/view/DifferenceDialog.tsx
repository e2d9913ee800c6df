import {
  type BlockState,
  blockStateWords,
  type DifferenceRow,
  describeDifference,
} from "../../../shared/presentation/graph/compare-networks.ts";
import { stopComparing, useDifference } from "../../state/model-difference.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import textStyles from "../../ui/text.module.css";
import styles from "./DifferenceDialog.module.css";

/** Which blocks differ between the open project's backbone and another one, side by side. */
export function DifferenceDialog() {
  const { difference } = useDifference();
  if (!difference)
    return (
      <Dialog title="Compare with another model" open onClose={stopComparing}>
        <p role="status">Reading the other model and running it once…</p>
      </Dialog>
    );
  return (
    <Dialog
      title={`Compare with ${difference.name}`}
      description={`Blocks of both backbones: ${describeDifference(difference)}. Names play no part.`}
      open
      wide
      onClose={stopComparing}
    >
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">this project</th>
            <th scope="col">{difference.name}</th>
            <th scope="col">block is</th>
            <th scope="col">what differs</th>
          </tr>
        </thead>
        <tbody>
          {difference.rows.map((row) => (
            <Row key={`${row.here?.index} ${row.there?.index}`} row={row} />
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}

const looks: Readonly<Record<BlockState, string>> = {
  same: styles.same,
  weights: styles.weights,
  changed: styles.changed,
  "only here": styles.alone,
  "only there": styles.alone,
};

function Row({ row: { state, here, there, changes } }: { readonly row: DifferenceRow }) {
  return (
    <tr className={looks[state]}>
      <td>{here ? <Side {...here} /> : "–"}</td>
      <td>{there ? <Side {...there} /> : "–"}</td>
      <td>{blockStateWords[state]}</td>
      <td>
        {changes.map((change, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two operators of a block may change alike
          <div key={index}>{change}</div>
        ))}
      </td>
    </tr>
  );
}

function Side({ index, label }: { readonly index: number; readonly label: string }) {
  return (
    <>
      <span className={textStyles.faint}>{index}</span> <bdi>{label}</bdi>
    </>
  );
}
