import { Tabs } from "radix-ui";
import type { ReactNode } from "react";
import { useDesign } from "../state/design-store.ts";
import { usePlans } from "../state/plan-store.ts";
import { plansTab, shiftTab } from "../state/robustness.ts";
import { useRemembered } from "../state/settings-store.ts";
import { NextStepAction } from "../state/stages/NextStepAction.tsx";
import { useNextStep } from "../state/stages/use-stages.ts";
import { EmptyState } from "../ui/EmptyState.tsx";
import type { Idea } from "../ui/IdeaPicture.tsx";
import { BrushChip } from "./BrushChip.tsx";
import { ParallelView } from "./ParallelView.tsx";
import { PinnedView } from "./PinnedView.tsx";
import { PlansTable } from "./PlansTable.tsx";
import styles from "./PlansView.module.css";
import { ShiftView } from "./ShiftView.tsx";

/** The plans beside the chart: as a table, on parallel coordinates, and those that are pinned. */
export function PlansView() {
  const [tab, setTab] = useRemembered(plansTab, "table");
  const pinned = useDesign((state) => state.pinned.length);
  return (
    <Tabs.Root className={styles.view} value={tab} onValueChange={setTab}>
      <div className={styles.header}>
        <Tabs.List className={styles.tabs} aria-label="Plans as">
          <Tabs.Trigger value="table">Table</Tabs.Trigger>
          <Tabs.Trigger value="parallel">Parallel</Tabs.Trigger>
          <Tabs.Trigger value="pinned">{pinned > 0 ? `Pinned (${pinned})` : "Pinned"}</Tabs.Trigger>
          <Tabs.Trigger value={shiftTab}>Under shift</Tabs.Trigger>
        </Tabs.List>
        <BrushChip />
      </div>
      <Tabs.Content className={styles.content} value="table" tabIndex={-1}>
        <WithPlans
          idea="plans"
          title="Plans"
          purpose="Every plan that a search or a fixed scheme finds is listed here with its figures."
        >
          <PlansTable />
        </WithPlans>
      </Tabs.Content>
      <Tabs.Content className={styles.content} value="parallel" tabIndex={-1}>
        <WithPlans
          idea="parallel"
          title="Plans as lines"
          purpose="Each plan is a line across its figures; brush an axis to keep the plans that pass there."
        >
          <ParallelView />
        </WithPlans>
      </Tabs.Content>
      <Tabs.Content className={styles.content} value="pinned" tabIndex={-1}>
        <PinnedView />
      </Tabs.Content>
      <Tabs.Content className={styles.content} value={shiftTab} tabIndex={-1}>
        <ShiftView />
      </Tabs.Content>
    </Tabs.Root>
  );
}

interface WithPlansProps {
  readonly idea: Idea;
  readonly title: string;
  /** What is here once there are plans, a sentence. */
  readonly purpose: string;
  readonly children: ReactNode;
}

function WithPlans({ idea, title, purpose, children }: WithPlansProps) {
  const hasPlans = usePlans(({ plans, backbone }) => plans.length > 0 && backbone !== null);
  const next = useNextStep();
  if (hasPlans) return children;
  return (
    <EmptyState idea={idea} title={title} action={<NextStepAction />}>
      {purpose} {next?.lacks}
    </EmptyState>
  );
}
