import { join } from "node:path";
import { app, dialog, nativeTheme, protocol } from "electron";
import { z } from "zod";
import { DesktopApp } from "./desktop-app.ts";
import { fileAmong } from "./files/file-kinds.ts";
import { RotatingLog } from "./rotating-log.ts";
import { SettingsStore } from "./settings-store.ts";
import { appScheme } from "./window/app-protocol.ts";
import { lockContents, lockNetwork } from "./window/lock-down.ts";

/** Entry of the main process. */

// Chromium's switch for a profile of one's own; app loaders may have set the folder since.
const profile = app.commandLine.getSwitchValue("user-data-dir");
if (profile) app.setPath("userData", profile);

/** What a second start tells the first. */
const otherStartSchema = z.object({ path: z.string().min(1).nullable() });

const userData = app.getPath("userData");
const log = new RotatingLog(join(userData, "logs", "main.log"));

let hasTold = false;
process.on("uncaughtException", (error) => {
  log.error(error);
  // Once is enough: a recurring fault must not bury the person in dialogs.
  if (hasTold || !app.isReady()) return;
  hasTold = true;
  dialog.showErrorBox(
    "Something in Offramp failed",
    `You can continue, but save your work soon. Please report it with the log in ${join(userData, "logs")}.`,
  );
});
process.on("unhandledRejection", (error) => log.error(error));

const launchPath = fileAmong(process.argv, process.defaultApp ?? false, process.cwd());

// A second start hands its file to the first and ends.
if (app.requestSingleInstanceLock({ path: launchPath })) start();
else app.quit();

function start(): void {
  // As root on Linux Chromium has no sandbox, and takes this for a contradiction.
  if (!app.commandLine.hasSwitch("no-sandbox")) app.enableSandbox();
  lockNetwork(app.commandLine);
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
  const settings = new SettingsStore(join(userData, "settings.json"));
  nativeTheme.themeSource = settings.value.theme;
  const desktop = new DesktopApp({ dist: join(__dirname, ".."), userData, settings, log });
  if (launchPath !== null) desktop.openFile(launchPath);

  app.on("web-contents-created", (_, contents) => lockContents(contents));
  app.on("second-instance", (_event, _argv, _folder, other) => {
    const { data } = otherStartSchema.safeParse(other);
    if (data?.path) desktop.openFile(data.path);
    else desktop.focus();
  });
  app.on("open-file", (event, path) => {
    event.preventDefault();
    desktop.openFile(path);
  });
  app.on("child-process-gone", (_, { type, reason, exitCode }) => {
    if (type !== "Utility") log.note(`the ${type} process ended: ${reason} (${exitCode})`);
  });
  app.on("before-quit", (event) => {
    if (!desktop.hasWindows) return;
    event.preventDefault();
    desktop.quit().catch((error) => log.error(error));
  });
  app.on("window-all-closed", () => app.quit());
  app
    .whenReady()
    .then(() => desktop.start())
    .catch(fail);
}

/** Without a window there is nothing left to do. */
function fail(error: unknown): void {
  log.error(error);
  dialog.showErrorBox(
    "Offramp could not start",
    `Its window could not be opened. The log in ${join(userData, "logs")} says why.`,
  );
  app.exit(1);
}
