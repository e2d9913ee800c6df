import { Expand, MoreHorizontal, Shrink } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { useMemo } from "react";
import type { ProjectTarget } from "../../../shared/fleet/project-targets.ts";
import { commandTitle } from "../../../shared/ipc/commands.ts";
import { type AxisId, knownAxes, shownAxis } from "../../../shared/presentation/chart/axes.ts";
import { areChained } from "../../../shared/presentation/plans/plan-columns.ts";
import {
  evaluatedSeries,
  networkSeries,
  pinnedSeries,
  referenceSeries,
  type Series,
} from "../../../shared/presentation/plans/series.ts";
import {
  allTargets,
  chooseChart,
  compareWithTarget,
  fitChart,
  useChart,
  useChartChoices,
} from "../../state/chart-store.ts";
import { runCommand } from "../../state/commands.ts";
import { useDesign } from "../../state/design-store.ts";
import { useNetworksAlone } from "../../state/networks-alone.ts";
import { usePlans } from "../../state/plan-store.ts";
import { useOpenProject, useProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { NextStepAction } from "../../state/stages/NextStepAction.tsx";
import { useNextStep } from "../../state/stages/use-stages.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { useTargetTitles } from "../../state/target-titles.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import controlStyles from "../../ui/control.module.css";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { onToolbarKey } from "../../ui/focus.ts";
import surfaceStyles from "../../ui/surface.module.css";
import { useAllTargets } from "./all-targets.ts";
import { FrontStateTag } from "./FrontStateTag.tsx";
import { Legend } from "./Legend.tsx";
import { useOtherSeries } from "./other-layers.ts";
import { ParetoChart } from "./ParetoChart.tsx";
import styles from "./ParetoView.module.css";
import { TargetFigures } from "./TargetFigures.tsx";

/** The chart of accuracy against cost, with its toolbar and its legend. */
export function ParetoView() {
  const backbone = usePlans((state) => state.backbone);
  const hasPlans = usePlans((state) => state.plans.length > 0);
  const hasChains = usePlans((state) => areChained(state.plans));
  const series = useLegend();
  const targets = useAllTargets();
  if (!backbone) return <NoFigures />;
  return (
    <section className={styles.view} aria-label="Pareto chart">
      <Toolbar targets={targets} />
      {series.length > 0 && <Legend series={series} hasChains={hasChains} />}
      <ParetoChart backbone={backbone} targets={targets} />
      {!hasPlans && <NoFront />}
    </section>
  );
}

function useLegend(): readonly Series[] {
  const series = usePlans((state) => state.series);
  const others = useOtherSeries();
  const hasEvaluated = useSearchRun((state) => state.evaluated.length > 0);
  const hasPinned = useDesign((state) => state.pinned.length > 0);
  const hasNetworks = useNetworksAlone().length > 0;
  const hasReferences = useProject(({ project }) => (project?.references.length ?? 0) > 0);
  return useMemo(
    () => [
      ...series,
      ...others,
      ...(hasNetworks ? [networkSeries] : []),
      ...(hasReferences ? [referenceSeries] : []),
      ...(hasPinned ? [pinnedSeries] : []),
      ...(hasEvaluated ? [evaluatedSeries] : []),
    ],
    [series, others, hasNetworks, hasReferences, hasPinned, hasEvaluated],
  );
}

function Toolbar({ targets }: { readonly targets: readonly ProjectTarget[] }) {
  const { axis, log } = useChartChoices();
  const backbone = usePlans((state) => state.backbone);
  return (
    <header className={styles.toolbar} role="toolbar" aria-label="Chart tools" onKeyDown={onToolbarKey}>
      <h2 className={styles.title}>Accuracy against</h2>
      <select
        className={controlStyles.choice}
        aria-label="Horizontal axis"
        value={shownAxis(axis, backbone).id}
        onChange={({ target }) => chooseChart({ axis: target.value as AxisId })}
      >
        {knownAxes(backbone).map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
      <Button
        className={controlStyles.small}
        look="quiet"
        aria-pressed={log}
        title="Logarithmic horizontal axis"
        onClick={() => chooseChart({ log: !log })}
      >
        log
      </Button>
      <Comparison targets={targets} />
      <span className={styles.state}>
        <FrontStateTag />
      </span>
      <IconButton label="Fit to the front" onClick={() => fitChart("front")}>
        <Shrink size={14} />
      </IconButton>
      <IconButton label="Fit all plans" onClick={() => fitChart("all")}>
        <Expand size={14} />
      </IconButton>
      <OverflowMenu />
    </header>
  );
}

/** Shows our front on a second target too, or the live plan on all. */
function Comparison({ targets }: { readonly targets: readonly ProjectTarget[] }) {
  const profiles = useOpenProject((project) => project.profiles);
  const target = useTargetProfile()?.id;
  const titles = useTargetTitles();
  const other = useChart((state) => state.otherTarget);
  if (profiles.length < 2) return null;
  return (
    <div className={styles.comparison}>
      <select
        aria-label="Compare with target"
        className={styles.targets}
        value={other === null || other === target ? "" : other}
        onChange={({ target: { value } }) => compareWithTarget(value === "" ? null : value)}
      >
        <option value="">Compare with target…</option>
        <option value={allTargets}>Live plan on all {profiles.length} targets</option>
        {profiles.map((profile) =>
          profile.id === target ? null : (
            <option key={profile.id} value={profile.id}>
              {titles.short(profile.id)}
            </option>
          ),
        )}
      </select>
      {targets.some(({ offload }) => offload) && <TargetFigures targets={targets} />}
    </div>
  );
}

const menuItems = [
  "chart.overlay",
  "chart.exportSvg",
  "chart.exportPng",
  "plans.exportCsv",
  "plans.copyJson",
] as const;

function OverflowMenu() {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton label="Export and copy">
          <MoreHorizontal size={15} />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={surfaceStyles.menu} align="end" sideOffset={4}>
          {menuItems.map((id) => (
            <DropdownMenu.Item key={id} onSelect={() => runCommand(id)}>
              {commandTitle(id)}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Heads or a profile are missing: nothing can be evaluated yet. */
function NoFigures() {
  const next = useNextStep();
  return (
    <EmptyState idea="chart" title="What early exits buy" action={<NextStepAction />}>
      This chart shows accuracy against latency of every plan: the front joins those that nothing else beats
      in both. {next?.lacks}
    </EmptyState>
  );
}

/** Everything is there but a search. */
function NoFront() {
  const isRunning = useNextStep()?.isRunning;
  return (
    <p className={styles.noFront} role="status">
      {!isRunning && "No front yet."}
      <NextStepAction />
    </p>
  );
}
