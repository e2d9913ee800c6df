import { Braces, Eraser, Pin, ShieldCheck, Sparkles } from "lucide-react";
import { usualConfidence } from "../../../shared/guarantee/drop-bounds.ts";
import { maxPinnedPlans } from "../../../shared/model/design.ts";
import { isBackbone, isSamePlan, type PartitionedPlan } from "../../../shared/model/plan.ts";
import { formatConfidence } from "../../../shared/presentation/words/describe-guarantee.ts";
import { bestPlanText } from "../../../shared/presentation/words/describe-use-case.ts";
import { useRecommended } from "../../state/best-plan.ts";
import { useChosenOn } from "../../state/chosen-on.ts";
import { runCommand } from "../../state/commands.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useSafePlan } from "../../state/live-outlook.ts";
import { useLive } from "../../state/live-store.ts";
import { useLiveVerdict } from "../../state/live-verdict.ts";
import { usePartitionNames } from "../../state/partition-names.ts";
import { pinPlan } from "../../state/pinning.ts";
import { useProject } from "../../state/project-store.ts";
import { useObstacleToTaking } from "../../state/take-found.ts";
import { takeRecommended } from "../../state/take-recommended.ts";
import { Button } from "../../ui/Button.tsx";
import { Statements } from "../../ui/Statements.tsx";
import { FieldSection } from "../field/FieldSection.tsx";
import { Header } from "../pieces/Header.tsx";
import { NoFigures } from "../pieces/NoFigures.tsx";
import { Section } from "../pieces/Section.tsx";
import { ConstraintList } from "./ConstraintList.tsx";
import { ExitList } from "./ExitList.tsx";
import { FigureTable } from "./FigureTable.tsx";
import { ImportanceTable } from "./ImportanceTable.tsx";
import { NetworkSection } from "./NetworkSection.tsx";
import { OffloadSection } from "./OffloadSection.tsx";
import styles from "./PlanSummary.module.css";

/** The live plan as a whole: figures, constraints, exit rates, exits. */
export function PlanSummary() {
  const project = useProject((state) => state.project);
  const exits = useDesign((state) => state.exits);
  const offload = useDesign((state) => state.offload);
  const chain = useDesign((state) => state.chain);
  const partitionName = usePartitionNames();
  const chosenOn = useChosenOn();
  const isCrossFitted = project?.front?.crossFit !== undefined;
  const hasFigures = useLive(({ figures }) => figures !== null);
  if (!project) return null;
  return (
    <>
      <Header
        kind="Live plan"
        note={
          isBackbone({ exits, chain })
            ? "the backbone"
            : exits.length === 0
              ? "without exits"
              : `with ${exits.length} ${exits.length === 1 ? "exit" : "exits"}`
        }
      />
      <FieldSection />
      {hasFigures ? (
        <>
          <Section id="plan.figures" title="Figures" note={chosenOn.name}>
            <FigureTable />
          </Section>
          <Section id="plan.constraints" title="Use case">
            <ConstraintList />
          </Section>
          <Section id="plan.verdict" title="Verdict">
            <LiveVerdict />
          </Section>
        </>
      ) : (
        <NoFigures />
      )}
      {project.members.length > 0 && <NetworkSection />}
      {(hasFigures || offload) && project.profiles.length > 1 && (
        <Section
          id="plan.offload"
          title="Second target"
          note={offload?.cut === undefined ? "not partitioned" : partitionName({ ...offload, chain })}
        >
          <OffloadSection />
        </Section>
      )}
      <Section id="plan.exits" title="Exits">
        <ExitList />
      </Section>
      {hasFigures && exits.length > 0 && (
        <Section id="plan.importance" title="What each exit brings">
          <ImportanceTable />
        </Section>
      )}
      <PlanActions />
      {hasFigures && (
        <p className={styles.honest}>
          {`These figures are of the ${chosenOn.name}, on which thresholds are chosen, so they flatter a little. `}
          {isCrossFitted
            ? "What the search recommends was reported by plans of each half on the other."
            : "The test split's come with an export's verification."}
        </p>
      )}
    </>
  );
}

function PlanActions() {
  const isCleared = useDesign(isBackbone);
  const pinned = useDesign((state) => state.pinned.length);
  return (
    <div className={styles.actions}>
      <TakeRecommended />
      <TakeSafe />
      <Button
        icon={<Pin size={14} />}
        disabled={pinned >= maxPinnedPlans}
        title={
          pinned >= maxPinnedPlans ? `${maxPinnedPlans} plans are pinned already` : "Keep it for comparison"
        }
        onClick={() => pinPlan(livePlanOf(useDesign.getState()))}
      >
        Pin
      </Button>
      <Button icon={<Braces size={14} />} onClick={() => runCommand("plans.copyJson")}>
        JSON
      </Button>
      <Button icon={<Eraser size={14} />} disabled={isCleared} onClick={() => runCommand("plans.clear")}>
        Clear
      </Button>
    </div>
  );
}

function LiveVerdict() {
  return <Statements statements={useLiveVerdict()} />;
}

/** Only where there is a safe plan that isn't the recommended one. */
function TakeSafe() {
  const safe = useSafePlan();
  const recommended = useRecommended();
  const plan = safe?.plan ?? nothingRecommended;
  const isTaken = useDesign((design) => isSamePlan(plan, livePlanOf(design)));
  const { confidence = usualConfidence, ...useCase } = safe?.useCase ?? {};
  if (!safe || (recommended && isSamePlan(plan, recommended.plan))) return null;
  const hint = `The ${bestPlanText(useCase)} that keeps the wish on new images with ${formatConfidence(confidence)} probability`;
  return (
    <Button
      icon={<ShieldCheck size={14} />}
      disabled={isTaken}
      title={isTaken ? "This is the safe plan" : hint}
      onClick={() => takeRecommended(safe)}
    >
      Take safe
    </Button>
  );
}

const nothingRecommended: PartitionedPlan = { exits: [] };

function TakeRecommended() {
  const recommended = useRecommended();
  const plan = recommended?.plan ?? nothingRecommended;
  const isTaken = useDesign((design) => recommended !== null && isSamePlan(plan, livePlanOf(design)));
  const obstacle = useObstacleToTaking(plan);
  const hint = recommended
    ? "What the chart calls best, or nearest, for the use case as it is now"
    : "A search recommends a plan; none has run yet";
  return (
    <Button
      icon={<Sparkles size={14} />}
      disabled={!recommended || isTaken || obstacle !== undefined}
      title={isTaken ? "This is the recommended plan" : (obstacle ?? hint)}
      onClick={() => recommended && takeRecommended(recommended)}
    >
      Take recommended
    </Button>
  );
}
