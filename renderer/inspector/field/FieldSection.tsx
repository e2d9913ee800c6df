import { X } from "lucide-react";
import { isSamePlan } from "../../../shared/model/plan.ts";
import { fieldStatements } from "../../../shared/presentation/words/describe-field.ts";
import { runCommand } from "../../state/commands.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { type OpenedField, planForField, useField } from "../../state/field-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { Button, IconButton } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { Statements } from "../../ui/Statements.tsx";
import textStyles from "../../ui/text.module.css";
import { Section } from "../pieces/Section.tsx";

/** What counts from the field say of the plan that was exported; nothing while none are open. */
export function FieldSection() {
  const opened = useField((state) => state.opened);
  const isRunning = useJobs((jobs) => jobs.field !== undefined);
  if (!isRunning) return opened && <OpenedSection opened={opened} />;
  return (
    <Section id="plan.field" title="In the field">
      <StageProgress kind="field" title="Comparing the field with calibration" />
    </Section>
  );
}

function OpenedSection({ opened }: { readonly opened: OpenedField }) {
  const { name, plan, report } = opened;
  const places = usePlaceNames();
  const isLive = useDesign((design) => isSamePlan(plan, livePlanOf(design)));
  return (
    <Section id="plan.field" title="In the field" note={<bdi>{name}</bdi>}>
      <Statements statements={fieldStatements(report, { plan, places })} />
      {!isLive && <p className={textStyles.note}>The plan that was counted is another than the live one.</p>}
      <div className={layoutStyles.row}>
        <TakeThresholds opened={opened} />
        <span className={layoutStyles.space} />
        <IconButton label="Close the field counts" onClick={() => runCommand("field.close")}>
          <X size={14} />
        </IconButton>
      </div>
    </Section>
  );
}

function TakeThresholds({ opened }: { readonly opened: OpenedField }) {
  const plan = planForField(opened);
  const isTaken = useDesign((design) => plan !== null && isSamePlan(plan, livePlanOf(design)));
  return (
    <Button
      disabled={!plan || isTaken}
      title={
        isTaken
          ? "These are the live plan's"
          : "The most accurate in the field for the latency on calibration"
      }
      onClick={() => runCommand("field.take")}
    >
      Take the new thresholds
    </Button>
  );
}
