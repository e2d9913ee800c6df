import type { PaneName } from "../../shared/ipc/settings.ts";
import type { CommandHandler, HandlersOf } from "../state/commands.ts";
import { isPaneHidden, setPanes } from "../state/panes.ts";
import { hasProject } from "../state/project-store.ts";
import { goToPane } from "../ui/pane-focus.ts";

/** One of these is always shown. */
const mainPanes: readonly PaneName[] = ["graph", "chart", "plans"];

function canToggle(name: PaneName): boolean {
  const isLast =
    mainPanes.includes(name) && mainPanes.every((other) => other === name || isPaneHidden(other));
  return hasProject() && (isPaneHidden(name) || !isLast);
}

const pane = (name: PaneName): CommandHandler => ({
  enabled: () => canToggle(name),
  run: () => setPanes({ [name]: isPaneHidden(name) }),
});

export const paneCommands: HandlersOf<"view.pane"> = {
  "view.pane.next": { run: () => goToPane(1) },
  "view.pane.previous": { run: () => goToPane(-1) },
  "view.pane.stages": pane("stages"),
  "view.pane.graph": pane("graph"),
  "view.pane.chart": pane("chart"),
  "view.pane.plans": pane("plans"),
  "view.pane.inspector": pane("inspector"),
};
