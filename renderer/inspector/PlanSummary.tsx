import { Braces, Eraser, Pin, Sparkles } from "lucide-react";
import { type Design, mostPinnedPlans } from "../../shared/domain/design.ts";
import type { ProjectView } from "../../shared/domain/project-view.ts";
import { call } from "../bridge/call.ts";
import { planJson } from "../pareto/plan-json.ts";
import { useDesign } from "../stores/design-store.ts";
import { useLive } from "../stores/live-store.ts";
import { notify, notifyError } from "../stores/notice-store.ts";
import { useProject } from "../stores/project-store.ts";
import { Button } from "../ui/Button.tsx";
import { ConstraintList } from "./ConstraintList.tsx";
import { ExitList } from "./ExitList.tsx";
import { FigureTable } from "./FigureTable.tsx";
import { GuaranteeNote } from "./GuaranteeNote.tsx";
import { Header } from "./Header.tsx";
import { NoFigures } from "./NoFigures.tsx";
import { OffloadSection } from "./OffloadSection.tsx";
import styles from "./PlanSummary.module.css";
import { Section } from "./Section.tsx";

/** The live plan as a whole: figures, constraints, exit rates, exits. */
export function PlanSummary() {
  const project = useProject((state) => state.project);
  const exits = useDesign((state) => state.exits);
  const hasFigures = useLive(({ figures }) => figures !== null);
  if (!project) return null;
  return (
    <>
      <Header
        kind="Live plan"
        note={
          exits.length === 0
            ? "without exits"
            : `with ${exits.length} ${exits.length === 1 ? "exit" : "exits"}`
        }
      />
      {hasFigures ? (
        <>
          <Section id="plan.figures" title="Figures" note="calibration split">
            <FigureTable />
          </Section>
          <Section id="plan.constraints" title="Use case">
            <ConstraintList />
            <GuaranteeNote />
          </Section>
        </>
      ) : (
        <NoFigures />
      )}
      {hasFigures && project.profiles.length > 1 && (
        <Section id="plan.offload" title="Second target">
          <OffloadSection />
        </Section>
      )}
      <Section id="plan.exits" title="Exits">
        <ExitList />
      </Section>
      <PlanActions project={project} exits={exits} />
      {hasFigures && (
        <p className={styles.honest}>
          These figures are of the calibration split, on which thresholds are chosen, so they flatter a
          little. The test split's come with an export's verification.
        </p>
      )}
    </>
  );
}

function PlanActions({ project, exits }: { readonly project: ProjectView; readonly exits: Design["exits"] }) {
  const takePlan = useDesign((state) => state.takePlan);
  const pin = useDesign((state) => state.pin);
  const pinned = useDesign((state) => state.pinned.length);
  const recommended = project.front?.recommended.exits;
  const isRecommended = JSON.stringify(recommended) === JSON.stringify(exits);
  return (
    <div className={styles.actions}>
      <Button
        icon={<Sparkles size={14} />}
        disabled={!recommended || isRecommended}
        title={recommendedHint(recommended !== undefined, isRecommended)}
        onClick={() => takePlan(recommended!)}
      >
        Take recommended
      </Button>
      <Button
        icon={<Pin size={14} />}
        disabled={pinned >= mostPinnedPlans}
        title={
          pinned >= mostPinnedPlans ? `${mostPinnedPlans} plans are pinned already` : "Keep it for comparison"
        }
        onClick={() => pin(exits)}
      >
        Pin
      </Button>
      <Button icon={<Braces size={14} />} onClick={() => void copyPlan(project, exits)}>
        JSON
      </Button>
      <Button icon={<Eraser size={14} />} disabled={exits.length === 0} onClick={() => takePlan([])}>
        Clear
      </Button>
    </div>
  );
}

function recommendedHint(exists: boolean, isTaken: boolean): string {
  if (!exists) return "A search recommends a plan; none has run yet";
  return isTaken ? "This is the recommended plan" : "The search's recommendation for its use case";
}

async function copyPlan(project: ProjectView, exits: Design["exits"]): Promise<void> {
  const { offload } = useDesign.getState();
  try {
    await call("clipboard.write", { text: planJson(project.backbone.sha256, exits, offload?.cut) });
    notify("The plan is on the clipboard, as plan.json holds it", "good");
  } catch (error) {
    notifyError(error);
  }
}
