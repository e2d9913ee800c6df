import { type AppInfo, useAppInfo } from "../state/app-info.ts";
import { call, on } from "../state/call.ts";
import { designOf, useDesign } from "../state/design-store.ts";
import { mayReplace, openPath } from "../state/documents.ts";
import { useEngine } from "../state/engine-store.ts";
import { notify, notifyError } from "../state/notice-store.ts";
import { isEdited, showReopened, useProject } from "../state/project-store.ts";
import { useSettings } from "../state/settings-store.ts";
import { runCommand } from "./commands.ts";
import { listenForShortcuts } from "./shortcuts.ts";

/** How long after a change the journal is written. */
const journalDelayMs = 400;

/** Connects the window to the other processes; called once. */
export async function start(): Promise<void> {
  listenForShortcuts();
  on("command", ({ id }) => runCommand(id));
  on("open", ({ path }) => void openPath(path));
  on("close", async () => {
    if (await mayReplace()) await call("window.close", {});
  });
  on("engine", ({ state, reason }) => {
    useEngine.setState({ state, reason });
    if (reason) notify(reason, "bad");
    if (state === "ready") void learnOffers();
  });
  on("reopened", ({ project }) => {
    void showReopened(project).catch(notifyError);
    notify("The engine works again; your project is as you left it.", "good");
  });
  useDesign.subscribe(scheduleJournal);
  useProject.subscribe(scheduleJournal);
  const info = await call("app.info", {});
  useSettings.setState(info.settings);
  followTheme();
  useAppInfo.setState(info satisfies AppInfo);
  await learnOffers();
  if (info.launchPath) await openPath(info.launchPath);
}

async function learnOffers(): Promise<void> {
  try {
    useEngine.setState({ offers: await call("engine.describe", {}), state: "ready" });
  } catch (error) {
    notifyError(error);
  }
}

let journalTimer: ReturnType<typeof setTimeout> | undefined;

function scheduleJournal(): void {
  clearTimeout(journalTimer);
  journalTimer = setTimeout(() => {
    const { project } = useProject.getState();
    const edited = isEdited();
    const title = project?.name ?? "";
    void call("window.document", { title, path: project?.projectPath ?? null, edited });
    if (project) void call("journal.write", { design: designOf(useDesign.getState()), edited });
  }, journalDelayMs);
}

/** Keeps the root's theme as the settings say, or as the system does. */
function followTheme(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const { theme } = useSettings.getState();
    const isDark = theme === "dark" || (theme === "system" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  dark.addEventListener("change", apply);
  useSettings.subscribe(apply);
  apply();
}
