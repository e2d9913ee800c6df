import { learnAppInfo } from "../state/app-info.ts";
import { on } from "../state/call.ts";
import { handleCommands, runCommand } from "../state/commands.ts";
import { openPath } from "../state/documents.ts";
import { learnOffers } from "../state/engine-store.ts";
import { notifyError } from "../state/notice-store.ts";
import { showSettings } from "../state/settings-store.ts";
import { wireStores } from "../state/wire.ts";
import { rememberPanes } from "../ui/pane-focus.ts";
import { commandHandlers } from "./commands.ts";
import { listenForShortcuts } from "./shortcuts.ts";
import { isFirstLaunch, startTour } from "./tour/start-tour.ts";

/** Joins the window's parts to each other and to the other processes; called once. */
export async function start(): Promise<void> {
  handleCommands(commandHandlers);
  listenForShortcuts();
  rememberPanes();
  on("command", ({ id }) => runCommand(id));
  wireStores();
  const info = await learnAppInfo();
  const { settings, launchPath } = info;
  showSettings(settings);
  await learnOffers().catch(notifyError);
  if (launchPath) await openPath(launchPath);
  else if (isFirstLaunch(info)) await startTour();
}
