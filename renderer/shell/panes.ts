import { type PaneName, paneNames } from "../../shared/ipc/settings.ts";
import type { CommandHandler, HandlersOf } from "../state/commands.ts";
import { hasProject } from "../state/project-store.ts";
import { changeSettings, useSettings } from "../state/settings-store.ts";

/** One of these is always shown. */
const mainPanes: readonly PaneName[] = ["graph", "chart", "plans"];

/** Shows or hides panes of the window; those that are as wanted stay. */
export function setPanes(shown: Readonly<Partial<Record<PaneName, boolean>>>): void {
  const { hiddenPanes } = useSettings.getState();
  const hidden = paneNames.filter((name) => !(shown[name] ?? !hiddenPanes.includes(name)));
  if (hidden.join() !== hiddenPanes.join()) changeSettings({ hiddenPanes: hidden });
}

function isHidden(name: PaneName): boolean {
  return useSettings.getState().hiddenPanes.includes(name);
}

function canToggle(name: PaneName): boolean {
  const isLast = mainPanes.includes(name) && mainPanes.every((other) => other === name || isHidden(other));
  return hasProject() && (isHidden(name) || !isLast);
}

const pane = (name: PaneName): CommandHandler => ({
  enabled: () => canToggle(name),
  run: () => setPanes({ [name]: isHidden(name) }),
});

export const paneCommands: HandlersOf<"view.pane"> = {
  "view.pane.stages": pane("stages"),
  "view.pane.graph": pane("graph"),
  "view.pane.chart": pane("chart"),
  "view.pane.plans": pane("plans"),
  "view.pane.inspector": pane("inspector"),
};
