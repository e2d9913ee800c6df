import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo } from "react";
import {
  arePartitioned,
  backboneColumn,
  type ComparedCell,
  type ComparedPlan,
  comparedExits,
  comparedFigures,
  comparisonCsv,
  comparisonMarkdown,
  partitionTitle,
} from "../../shared/presentation/plans/comparison.ts";
import { call } from "../state/call.ts";
import { useChosenOn } from "../state/chosen-on.ts";
import { useCutPointNames } from "../state/cut-point-names.ts";
import { useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { usePartitionNames } from "../state/partition-names.ts";
import { knownFigures, useBackbone, usePlans } from "../state/plan-store.ts";
import { closeDialog } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./CompareDialog.module.css";

/** The live plan, the pinned plans and the backbone side by side; differences are to the first column. */
export function CompareDialog() {
  const backbone = usePlans((state) => state.backbone);
  const plans = useCompared();
  const chosenOn = useChosenOn();
  const nameOf = { exit: useCutPointNames(), partition: usePartitionNames() };
  if (!backbone)
    return (
      <Dialog title="Compare plans" open onClose={closeDialog}>
        <p>Plans are compared by their figures, which need heads and the profile of a target.</p>
      </Dialog>
    );
  const copy = (text: string, format: string) =>
    call("clipboard.write", { text }).then(
      () => notify(`The comparison is on the clipboard as ${format}.`, "good"),
      notifyError,
    );
  return (
    <Dialog
      title="Compare plans"
      description={`Of the ${chosenOn.name} and the chosen target. Differences are to the first column.`}
      open
      wide
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={() => void copy(comparisonMarkdown(plans, backbone, nameOf), "Markdown")}>
            Copy as Markdown
          </Button>
          <Button onClick={() => void copy(comparisonCsv(plans, backbone), "CSV")}>Copy as CSV</Button>
        </>
      }
    >
      <Comparison plans={plans} />
      {plans.length === 2 && (
        <p className={styles.hint}>
          Pin plans to have them here: P pins the plan under the pointer, else the live one.
        </p>
      )}
    </Dialog>
  );
}

function useCompared(): ComparedPlan[] {
  const exits = useDesign((state) => state.exits);
  const cut = useDesign((state) => state.offload?.cut);
  const pinned = useDesign((state) => state.pinned);
  const backbone = usePlans((state) => state.backbone);
  const figures = useLive((state) => state.figures);
  return useMemo(
    () => [
      { name: "live plan", exits, cut, figures },
      ...pinned.map((plan) => ({ ...plan, figures: knownFigures(plan) })),
      ...(backbone ? [backboneColumn(backbone)] : []),
    ],
    [exits, cut, pinned, backbone, figures],
  );
}

function Comparison({ plans }: { readonly plans: readonly ComparedPlan[] }) {
  const backbone = useBackbone();
  const nameOf = useCutPointNames();
  const partitionName = usePartitionNames();
  const exits = comparedExits(plans, nameOf);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <td />
          {plans.map(({ name }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two plans may bear one name
            <th key={index} scope="col" title={name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {comparedFigures(plans, backbone).map(({ title, cells }) => (
          <tr key={title}>
            <th scope="row">{title}</th>
            {cells.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
              <td key={index}>
                {cell.text}
                <Difference cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      {arePartitioned(plans) && (
        <tbody>
          <tr>
            <th scope="row">{partitionTitle}</th>
            {plans.map(({ cut }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
              <td key={index}>{partitionName(cut)}</td>
            ))}
          </tr>
        </tbody>
      )}
      <tbody>
        {exits.map((cells, k) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is the exit's order
          <tr key={k}>
            <th scope="row">{`Exit ${k + 1}`}</th>
            {cells.map((exit, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
              <td key={index}>
                {exit ? (
                  <>
                    {exit.place}
                    {exit.rate && <b>{` ${exit.rate}`}</b>}
                    <small>{exit.how}</small>
                  </>
                ) : (
                  <span className={textStyles.faint}>–</span>
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Better and worse by arrow and word, and only then by colour. */
function Difference({ cell: { difference, verdict } }: { readonly cell: ComparedCell }) {
  if (difference === null) return null;
  return (
    <small className={verdict ? styles[verdict] : undefined}>
      {verdict === "better" && <ArrowUp size={10} aria-hidden="true" />}
      {verdict === "worse" && <ArrowDown size={10} aria-hidden="true" />}
      {verdict ? `${difference} ${verdict}` : difference}
    </small>
  );
}
