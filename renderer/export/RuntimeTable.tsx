import { type RuntimeCell, runtimeRows } from "../../shared/presentation/words/runtimes.ts";
import styles from "./RuntimeTable.module.css";

/** Which runtime runs which of the files, for whoever is about to choose some. */
export function RuntimeTable() {
  return (
    <details>
      <summary className={styles.summary}>Where these files run</summary>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">runtime</th>
            <th scope="col">single file</th>
            <th scope="col">staged</th>
          </tr>
        </thead>
        <tbody>
          {runtimeRows.map(({ runtime, single, staged }) => (
            <tr key={runtime}>
              <th scope="row">{runtime}</th>
              <Cell cell={single} />
              <Cell cell={staged} />
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function Cell({ cell: { word, text, source } }: { readonly cell: RuntimeCell }) {
  return (
    <td>
      <strong>{word}</strong>: {text}
      <div className={styles.source}>{source.replace("https://", "")}</div>
    </td>
  );
}
