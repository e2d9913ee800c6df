import type { AppInfo } from "../../state/app-info.ts";
import { useDesign } from "../../state/design-store.ts";
import { openSample } from "../../state/documents.ts";
import { useProject } from "../../state/project-store.ts";
import { changeSettings } from "../../state/settings-store.ts";
import { goToStep } from "../../state/tour-store.ts";

/** Whether nobody has worked with the app yet, and nothing waits to be opened. */
export function isFirstLaunch({
  settings,
  recent,
  recovery,
}: Pick<AppInfo, "settings" | "recent" | "recovery">): boolean {
  return !settings.hasSeenTour && recent.length === 0 && recovery === null;
}

/** Shows the window's parts one by one, over the sample unless what is open has all of them. */
export async function startTour(): Promise<void> {
  if (!hasEveryPart()) await openSample();
  if (!hasEveryPart()) return;
  changeSettings({ hasSeenTour: true });
  goToStep(0);
}

/** An exit to speak of, and figures of it. */
function hasEveryPart(): boolean {
  const { project } = useProject.getState();
  return project !== null && project.front !== null && useDesign.getState().exits.length > 0;
}
