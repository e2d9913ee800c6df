import { isAt } from "../../shared/model/plan.ts";
import { useDesign } from "../state/design-store.ts";
import { useView } from "../state/view-store.ts";
import { BlockInspector } from "./block/BlockInspector.tsx";
import { OperatorInspector } from "./block/OperatorInspector.tsx";
import { ExitInspector } from "./exit/ExitInspector.tsx";
import styles from "./Inspector.module.css";
import { LiveFooter } from "./plan/LiveFooter.tsx";
import { PlanSummary } from "./plan/PlanSummary.tsx";

/** What is selected, in detail; the live plan's summary if nothing is. */
export function Inspector() {
  const kind = useView(({ selection }) => selection?.kind ?? "plan");
  return (
    <aside className={styles.inspector} aria-label="Inspector">
      {/* Another kind starts at its top; from exit to exit the same section stays in sight. */}
      <div key={kind} className={styles.body}>
        <Selected />
      </div>
      <LiveFooter />
    </aside>
  );
}

function Selected() {
  const selection = useView((state) => state.selection);
  const isInPlan = useDesign(
    ({ exits }) => selection?.kind === "exit" && exits.some((exit) => isAt(exit, selection)),
  );
  if (selection?.kind === "exit" && isInPlan) {
    const { member, cutPoint } = selection;
    return <ExitInspector key={`${member} ${cutPoint}`} member={member} cutPoint={cutPoint} />;
  }
  if (selection?.kind === "block")
    return <BlockInspector member={selection.member} block={selection.block} />;
  if (selection?.kind === "operator")
    return <OperatorInspector member={selection.member} node={selection.node} />;
  return <PlanSummary />;
}
