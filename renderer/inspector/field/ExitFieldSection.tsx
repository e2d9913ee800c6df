import { isAt, type PlanExit } from "../../../shared/model/plan.ts";
import { fieldHistogram } from "../../../shared/presentation/exits/field-histogram.ts";
import { surenessAt } from "../../../shared/presentation/words/describe-field.ts";
import { useField } from "../../state/field-store.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { Drawing } from "../../ui/Drawing.tsx";
import { Statements } from "../../ui/Statements.tsx";
import textStyles from "../../ui/text.module.css";
import { Section } from "../pieces/Section.tsx";
import { useElementWidth } from "../pieces/use-element-width.ts";

type OwnExit = Pick<PlanExit, "member" | "cutPoint" | "head" | "policy">;

/** How sure an exit is in the field, over how sure it is on calibration; nothing while no counts of it are open. */
export function ExitFieldSection(own: OwnExit) {
  const opened = useField((state) => state.opened);
  const places = usePlaceNames();
  const [ref, width] = useElementWidth();
  const index = opened?.plan.exits.findIndex((exit) => isSameExit(exit, own)) ?? -1;
  if (!opened || index < 0) return null;
  const { plan, report } = opened;
  const { threshold } = plan.exits[index];
  return (
    <Section id="exit.field" title="In the field" note={<bdi>{opened.name}</bdi>}>
      <div ref={ref}>
        {width > 0 && (
          <Drawing drawing={fieldHistogram(report.comparison.sureness[index], threshold, width)} />
        )}
      </div>
      <p className={textStyles.note}>
        {`Of those that reach it, log scale; counted with a threshold of ${threshold.toFixed(4)}.`}
      </p>
      <Statements statements={[surenessAt(report, index, { plan, places })]} />
    </Section>
  );
}

function isSameExit(exit: PlanExit, { head, policy, ...place }: OwnExit): boolean {
  return isAt(exit, place) && exit.head === head && exit.policy === policy;
}
