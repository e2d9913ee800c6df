import type { PaneName } from "../../shared/ipc/settings.ts";
import { useProject } from "../state/project-store.ts";
import { changeSettings, useSettings } from "../state/settings-store.ts";
import type { Command } from "../ui/command.ts";

const panes: readonly { readonly name: PaneName; readonly title: string; readonly keys: string }[] = [
  { name: "stages", title: "Stages", keys: "Mod+B" },
  { name: "graph", title: "Graph", keys: "Mod+G" },
  { name: "chart", title: "Chart", keys: "Mod+J" },
  { name: "plans", title: "Plans", keys: "Mod+L" },
  { name: "inspector", title: "Inspector", keys: "Mod+I" },
];

/** One of these is always shown. */
const mainPanes: readonly PaneName[] = ["graph", "chart", "plans"];

/** Shows or hides panes of the window; those that are as wanted stay. */
export function setPanes(shown: Readonly<Partial<Record<PaneName, boolean>>>): void {
  const { hiddenPanes } = useSettings.getState();
  const hidden = panes
    .map(({ name }) => name)
    .filter((name) => !(shown[name] ?? !hiddenPanes.includes(name)));
  if (hidden.join() !== hiddenPanes.join()) changeSettings({ hiddenPanes: hidden });
}

function isHidden(name: PaneName): boolean {
  return useSettings.getState().hiddenPanes.includes(name);
}

function canToggle(name: PaneName): boolean {
  const isLast = mainPanes.includes(name) && mainPanes.every((other) => other === name || isHidden(other));
  return useProject.getState().project !== null && (isHidden(name) || !isLast);
}

export const paneCommands: readonly Command[] = panes.map(({ name, title, keys }) => ({
  id: `view.pane.${name}`,
  title: `Show or hide: ${title.toLowerCase()}`,
  group: "View",
  keys,
  enabled: () => canToggle(name),
  run: () => setPanes({ [name]: isHidden(name) }),
}));
