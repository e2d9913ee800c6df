import { useMemo } from "react";
import {
  type ExitImportance,
  exitImportance,
  lossTexts,
} from "../../../shared/presentation/plans/exit-importance.ts";
import { placeOfExit } from "../../../shared/presentation/words/describe-plan.ts";
import { livePlanOf, takePlan, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { knownFigures } from "../../state/plan-store.ts";
import { useDebounced } from "../../state/use-debounced.ts";
import { hover } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import controlStyles from "../../ui/control.module.css";
import textStyles from "../../ui/text.module.css";
import styles from "./ImportanceTable.module.css";

/** What is lost without each exit of the live plan, once it stands still; a row that is hovered shows that plan on the chart. */
export function ImportanceTable() {
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const offload = useDesign((state) => state.offload);
  const spaces = useLive((state) => state.partitionSpaces);
  const places = usePlaceNames();
  const plan = useDebounced(useMemo(() => livePlanOf({ exits, chain, offload }), [exits, chain, offload]));
  const found = useMemo(() => {
    const figures = spaces.length > 0 ? knownFigures(plan) : null;
    return figures && exitImportance(plan, figures, knownFigures, places.networks.backbone);
  }, [plan, spaces, places]);
  if (!found) return null;
  return (
    <table className={styles.table} onPointerLeave={() => hover(null)}>
      <thead>
        <tr>
          <th scope="col">without exit</th>
          <th scope="col">accuracy</th>
          <th scope="col">mean latency</th>
        </tr>
      </thead>
      <tbody>
        {found.map((importance, index) => {
          const exit = plan.exits[index];
          return (
            <Row
              key={`${exit.member} ${exit.cutPoint}`}
              number={index + 1}
              place={placeOfExit(exit, plan, places)}
              importance={importance}
            />
          );
        })}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly number: number;
  readonly place: string;
  readonly importance: ExitImportance;
}

function Row({ number, place, importance: { without, lost } }: RowProps) {
  const { accuracy, meanLatency, slowdown, remark } = lossTexts(lost);
  return (
    <tr onPointerEnter={() => hover(without)}>
      <th scope="row">
        <b>{number}</b> <bdi>{place}</bdi>
        {remark && (
          <small className={textStyles.warn}>
            {remark}{" "}
            <Button className={controlStyles.small} look="quiet" onClick={() => takePlan(without)}>
              Remove
            </Button>
          </small>
        )}
      </th>
      <td>{accuracy}</td>
      <td>
        {meanLatency}
        {lost && <small>{`${slowdown} as long`}</small>}
      </td>
    </tr>
  );
}
