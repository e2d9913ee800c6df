import { type StageName, stageNames } from "../../../shared/presentation/progress/stage-state.ts";
import { Button } from "../../ui/Button.tsx";
import textStyles from "../../ui/text.module.css";
import { openPanel, useView } from "../view-store.ts";
import { stageTitles, useNextStep } from "./use-stages.ts";

/**
 * The way to the project's next step, or what is under way, wherever something can't be shown before that. Where the step's panel
 * is open already it says so.
 */
export function NextStepAction({ look = "plain" }: { readonly look?: "plain" | "primary" | "quiet" }) {
  const next = useNextStep();
  const isOpen = useView(({ panel }) => next !== null && panel === next.stage);
  if (!next) return null;
  if (next.isRunning) return <span role="status">{next.action}</span>;
  if (isOpen)
    return (
      <span className={textStyles.soft}>
        {next.action.replace("…", "")}, in the {stageTitles[next.stage]} panel.
      </span>
    );
  return (
    <Button look={look} onClick={() => openPanel(next.stage)}>
      {next.action}
    </Button>
  );
}

/** The way from a stage's panel to the next step, where that is a later stage's. */
export function NextButton({ after }: { readonly after: StageName }) {
  const next = useNextStep();
  if (!next || next.isRunning || stageNames.indexOf(next.stage) <= stageNames.indexOf(after)) return null;
  return (
    <Button look="primary" onClick={() => openPanel(next.stage)}>
      Next: {next.name}
    </Button>
  );
}
