import { ArrowDown, ArrowUp } from "lucide-react";
import { useMemo } from "react";
import {
  areNoted,
  arePartitioned,
  backboneColumn,
  type ComparedCell,
  type ComparedExit,
  type ComparedNetwork,
  type ComparedPlan,
  comparedFigures,
  comparedNetworks,
  comparisonCsv,
  comparisonMarkdown,
  partitionTitle,
} from "../../shared/presentation/plans/comparison.ts";
import { areChained, planColumns } from "../../shared/presentation/plans/plan-columns.ts";
import { chainLabel } from "../../shared/presentation/words/describe-plan.ts";
import { call } from "../state/call.ts";
import { useChosenOn } from "../state/chosen-on.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { useNetworkTitles } from "../state/network-titles.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { usePartitionNames } from "../state/partition-names.ts";
import { usePlaceNames } from "../state/place-names.ts";
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
  const titles = useNetworkTitles();
  const places = { ...usePlaceNames(), partition: usePartitionNames() };
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
          <Button onClick={() => void copy(comparisonMarkdown(plans, backbone, places), "Markdown")}>
            Copy as Markdown
          </Button>
          <Button onClick={() => void copy(comparisonCsv(plans, backbone, titles), "CSV")}>
            Copy as CSV
          </Button>
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
  const chain = useDesign((state) => state.chain);
  const offload = useDesign((state) => state.offload);
  const pinned = useDesign((state) => state.pinned);
  const backbone = usePlans((state) => state.backbone);
  const figures = useLive((state) => state.figures);
  return useMemo(
    () => [
      { name: "live plan", ...livePlanOf({ exits, chain, offload }), figures },
      ...pinned.map((plan) => ({ ...plan, figures: knownFigures(plan) })),
      ...(backbone ? [backboneColumn(backbone)] : []),
    ],
    [exits, chain, offload, pinned, backbone, figures],
  );
}

function Comparison({ plans }: { readonly plans: readonly ComparedPlan[] }) {
  const backbone = useBackbone();
  const places = usePlaceNames();
  const partitionName = usePartitionNames();
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
      {areChained(plans) && (
        <tbody>
          <tr>
            <th scope="row">{planColumns.networks.fullTitle}</th>
            {plans.map((plan, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
              <td key={index}>{chainLabel(plan, places.networks)}</td>
            ))}
          </tr>
        </tbody>
      )}
      {arePartitioned(plans) && (
        <tbody>
          <tr>
            <th scope="row">{partitionTitle}</th>
            {plans.map((plan, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
              <td key={index}>{partitionName(plan)}</td>
            ))}
          </tr>
        </tbody>
      )}
      {areNoted(plans) && (
        <tbody>
          <tr>
            <th scope="row">Note</th>
            {plans.map(({ note }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
              <td key={index}>{note}</td>
            ))}
          </tr>
        </tbody>
      )}
      {comparedNetworks(plans, places).map((network) => (
        <NetworkExits key={network.title ?? "backbone"} network={network} />
      ))}
    </table>
  );
}

/** What a network answers of each plan, and the exits in it; of the backbone alone its exits. */
function NetworkExits({ network: { title, answered, exits } }: { readonly network: ComparedNetwork }) {
  return (
    <tbody>
      {title !== null && (
        <tr className={styles.network}>
          <th scope="row">
            <bdi>{title}</bdi>
          </th>
          {answered.map((share, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
            <td key={index}>{share ? `answers ${share}` : <span className={textStyles.faint}>–</span>}</td>
          ))}
        </tr>
      )}
      {exits.map((cells, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is the exit's order
        <tr key={k}>
          <th scope="row">{`Exit ${k + 1}`}</th>
          {cells.map((exit, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its index
            <td key={index}>
              {exit ? <ExitCell exit={exit} /> : <span className={textStyles.faint}>–</span>}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function ExitCell({ exit: { place, how, rate } }: { readonly exit: ComparedExit }) {
  return (
    <>
      {place}
      {rate && <b>{` ${rate}`}</b>}
      <small>{how}</small>
    </>
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
