import { Trash2 } from "lucide-react";
import { maxPinnedPlans, type PinnedPlan } from "../../shared/model/design.ts";
import { isSamePlan } from "../../shared/model/plan.ts";
import { planColumns } from "../../shared/presentation/plans/plan-columns.ts";
import { describePlan } from "../../shared/presentation/words/describe-plan.ts";
import { runCommand } from "../state/commands.ts";
import { livePlanOf, notePinned, renamePinned, unpin, useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { usePartitionNames } from "../state/partition-names.ts";
import { usePlaceNames } from "../state/place-names.ts";
import { knownFigures, usePlans } from "../state/plan-store.ts";
import { takeFound, useObstacleToTaking } from "../state/take-found.ts";
import { hover } from "../state/view-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import controlStyles from "../ui/control.module.css";
import { EmptyState } from "../ui/EmptyState.tsx";
import { NameField, NoteField } from "../ui/NameField.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./PinnedView.module.css";

/** Plans that the person keeps: rename, take, remove, compare. */
export function PinnedView() {
  const pinned = useDesign((state) => state.pinned);
  const canPin = useLive((state) => state.figures !== null);
  if (pinned.length === 0)
    return (
      <EmptyState
        idea="pinned"
        title="Pinned plans"
        action={
          <Button disabled={!canPin} onClick={() => runCommand("plans.pin")}>
            Pin the live plan
          </Button>
        }
      >
        {`Keep up to ${maxPinnedPlans} plans here to name and compare them side by side. P pins the plan under the pointer, else the live one.`}
      </EmptyState>
    );
  return (
    <div className={styles.view}>
      <ul className={styles.list}>
        {pinned.map((plan, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a pinned plan is its index
          <Card key={index} plan={plan} index={index} />
        ))}
      </ul>
      <div className={styles.actions}>
        <Button disabled={!canPin || pinned.length >= maxPinnedPlans} onClick={() => runCommand("plans.pin")}>
          Pin the live plan
        </Button>
        <Button disabled={!canPin} onClick={() => runCommand("plans.compare")}>
          Compare…
        </Button>
      </div>
    </div>
  );
}

const shownFigures = [planColumns.accuracy, planColumns.drop, planColumns.mean, planColumns.speedUp] as const;

function Card({ plan, index }: { readonly plan: PinnedPlan; readonly index: number }) {
  const obstacle = useObstacleToTaking(plan);
  const partitionName = usePartitionNames();
  const isLive = useDesign((design) => isSamePlan(livePlanOf(design), plan));
  const backbone = usePlans((state) => state.backbone);
  useLive((state) => state.partitionSpaces);
  const figures = knownFigures(plan);
  const places = usePlaceNames();
  return (
    <li className={styles.card} onMouseEnter={() => hover(plan)} onMouseLeave={() => hover(null)}>
      <div className={styles.line}>
        <NameField
          label="Name of the pinned plan"
          name={plan.name}
          onName={(name) => name !== "" && renamePinned(index, name)}
        />
        <Button
          className={controlStyles.small}
          disabled={isLive || obstacle !== undefined}
          title={obstacle}
          onClick={() => takeFound(plan)}
        >
          {isLive ? "Live" : "Take"}
        </Button>
        <IconButton
          className={controlStyles.small}
          label={`Remove ${plan.name}`}
          onClick={() => unpin(index)}
        >
          <Trash2 size={13} />
        </IconButton>
      </div>
      {figures && backbone ? (
        <p className={styles.figures}>
          {shownFigures.map((column) => (
            <span key={column.id} title={column.description}>
              {column.format(column.of(figures, backbone, plan))}
            </span>
          ))}
        </p>
      ) : (
        <p className={textStyles.note}>{obstacle ?? "doesn't fit the heads or the targets"}</p>
      )}
      <NoteField
        label={`Note on ${plan.name}`}
        note={plan.note ?? ""}
        onNote={(note) => notePinned(index, note)}
      />
      <p className={textStyles.note}>
        {describePlan(plan, places)}
        {plan.cut !== undefined && `; server takes over ${partitionName(plan)}`}
      </p>
    </li>
  );
}
