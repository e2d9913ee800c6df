import { Table2 } from "lucide-react";
import { Popover } from "radix-ui";
import { useId } from "react";
import { lacksOnTargets, type ProjectTarget, planOnTargets } from "../../../shared/fleet/project-targets.ts";
import { axes } from "../../../shared/presentation/chart/axes.ts";
import {
  describeServing,
  type TargetRow,
  targetRows,
} from "../../../shared/presentation/fleet/target-rows.ts";
import { useChartChoices } from "../../state/chart-store.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { networksIn, useNetworkTitles } from "../../state/network-titles.ts";
import { usePartitionNames } from "../../state/partition-names.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { useTargetTitles } from "../../state/target-titles.ts";
import { Button } from "../../ui/Button.tsx";
import controlStyles from "../../ui/control.module.css";
import textStyles from "../../ui/text.module.css";
import styles from "./TargetFigures.module.css";

interface TargetsProps {
  readonly targets: readonly ProjectTarget[];
}

/** What the live plan takes on every target with the same server behind it, in numbers. */
export function TargetFigures({ targets }: TargetsProps) {
  const design = useDesign();
  const project = useOpenProject();
  const lacks = lacksOnTargets(livePlanOf(design), targets, networksIn(project));
  const known = lacks.filter((lack) => !lack).length;
  const title = useId();
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button
          className={controlStyles.small}
          icon={<Table2 size={14} />}
          title="What the live plan takes on each target"
        >
          {known < targets.length && `${known} of `}
          {targets.length} targets
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles.popover}
          aria-labelledby={title}
          sideOffset={4}
          align="start"
          collisionPadding={8}
        >
          <h3 id={title}>The live plan on all {targets.length} targets</h3>
          <Serving />
          <FiguresTable targets={targets} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Evaluated while it is looked at. */
function FiguresTable({ targets }: TargetsProps) {
  const design = useDesign();
  const project = useOpenProject();
  const { axis } = useChartChoices();
  const titles = { targets: useTargetTitles(), networks: useNetworkTitles() };
  const latency = axes[axis].latency ?? design.useCase.latency;
  const on = planOnTargets(livePlanOf(design), targets, latency, networksIn(project));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Target</th>
          <th scope="col">{axes[latency].title}</th>
          <th scope="col">95 %, ms</th>
          <th scope="col">Speed-up</th>
        </tr>
      </thead>
      <tbody>
        {targetRows(targets, on, latency, titles).map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </tbody>
    </table>
  );
}

/** What server and link have to do with it. */
function Serving() {
  const design = useDesign();
  const titles = useTargetTitles();
  const partitionName = usePartitionNames();
  const { offload } = design;
  if (!offload) return null;
  const plan = livePlanOf(design);
  const partition = plan.cut === undefined ? undefined : partitionName(plan);
  return (
    <p className={textStyles.note}>
      {describeServing(titles.whole(offload.server), offload.link, partition)}
    </p>
  );
}

function Row({ row: { id, name, said } }: { readonly row: TargetRow }) {
  const isChosen = useTargetProfile()?.id === id;
  const isServer = useDesign((design) => design.offload?.server === id);
  const roles = [...(isChosen ? ["in use"] : []), ...(isServer ? ["the server"] : [])].join(", ");
  return (
    <tr>
      <th scope="row">
        {name}
        {roles && <small>{roles}</small>}
      </th>
      {"lacks" in said ? (
        <td colSpan={3} className={styles.lacks}>
          {said.lacks}
        </td>
      ) : (
        <>
          <td>{said.latency}</td>
          <td>{said.interval}</td>
          <td>{said.speedUp}</td>
        </>
      )}
    </tr>
  );
}
