import { type PaneName, paneNames } from "../../shared/ipc/settings.ts";
import { changeSettings, useSettings } from "./settings-store.ts";

export function isPaneHidden(name: PaneName): boolean {
  return useSettings.getState().hiddenPanes.includes(name);
}

/** Shows or hides panes of the window; those that are as wanted stay. */
export function setPanes(shown: Readonly<Partial<Record<PaneName, boolean>>>): void {
  const { hiddenPanes } = useSettings.getState();
  const hidden = paneNames.filter((name) => !(shown[name] ?? !hiddenPanes.includes(name)));
  if (hidden.join() !== hiddenPanes.join()) changeSettings({ hiddenPanes: hidden });
}
