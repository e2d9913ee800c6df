import type { HandlersOf } from "../state/commands.ts";
import { useDesign } from "../state/design-store.ts";
import { canOpenField, closeField, openField, takeFieldThresholds, useField } from "../state/field-store.ts";
import { selectedExit } from "../state/live/exit-selection.ts";
import { useLive } from "../state/live-store.ts";
import { setPanes } from "../state/panes.ts";
import { select } from "../state/view-store.ts";
import { focusSoon } from "../ui/focus.ts";

/** Selects an exit and puts the keyboard on its threshold. */
export function goToThreshold(index: number): void {
  const { member, cutPoint } = useDesign.getState().exits[index];
  select({ kind: "exit", member, cutPoint });
  setPanes({ inspector: true });
  focusSoon(() => document.querySelector<HTMLElement>(`[data-threshold="${index}"]`));
}

export const exitCommands: HandlersOf<"exit"> = {
  "exit.threshold": {
    enabled: () => useDesign.getState().exits.length > 0 && useLive.getState().figures !== null,
    run: () => goToThreshold(Math.max(0, selectedExit())),
  },
};

export const fieldCommands: HandlersOf<"field"> = {
  "field.open": { enabled: canOpenField, run: () => void openField() },
  "field.take": {
    enabled: () => useField.getState().opened?.report.refitted !== undefined,
    run: takeFieldThresholds,
  },
  "field.close": { enabled: () => useField.getState().opened !== null, run: closeField },
};
