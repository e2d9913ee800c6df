import { join } from "node:path";
import {
  app,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  session,
  shell,
} from "electron";
import { AppError } from "../../shared/base/errors.ts";
import { filesOfChoice } from "../../shared/fleet/server-choice.ts";
import { maxPathLength } from "../../shared/ipc/channels.ts";
import { ipcNames } from "../../shared/ipc/ipc-names.ts";
import { failure, type Outcome } from "../../shared/ipc/outcome.ts";
import type { SettingsChange } from "../../shared/ipc/settings.ts";
import { ChosenPrograms } from "./files/chosen-programs.ts";
import { Grants } from "./files/grants.ts";
import { RecentFiles } from "./files/recent-files.ts";
import { menuTemplate } from "./menu/menu.ts";
import { ProjectWindow, type WindowHost } from "./project-window.ts";
import { RotatingLog } from "./rotating-log.ts";
import type { SharedState } from "./shared-state.ts";
import { answerAppRequest, appScheme, isAppUrl } from "./window/app-protocol.ts";
import { lockSession } from "./window/lock-down.ts";
import { maxWindows, nextNumber, numbersOfUnsaved } from "./window/window-folders.ts";
import { WindowList } from "./window/window-list.ts";

const menuDelayMs = 50;

export type DesktopAppParts = Pick<SharedState, "dist" | "userData" | "settings" | "log">;

/** The whole app: its windows, the menu, and what they share. */
export class DesktopApp {
  readonly #shared: SharedState;
  readonly #windows = new WindowList<ProjectWindow>();
  readonly #host: WindowHost;
  /** Files that were asked for before there could be a window. */
  #waiting: string[] | undefined = [];
  #isQuitting = false;
  #menuTimer: NodeJS.Timeout | undefined;

  constructor(parts: DesktopAppParts) {
    const { userData } = parts;
    this.#shared = {
      ...parts,
      recent: new RecentFiles(join(userData, "recent.json")),
      programs: new ChosenPrograms(join(userData, "programs.json")),
      grants: new Grants(),
      engineLog: new RotatingLog(join(userData, "logs", "engine.log")),
    };
    this.#host = {
      holderOf: (path, asking) => this.#windows.holderOf(path, asking),
      openWindow: (path) => this.#openWindow(path),
      changeSettings: (change, by) => this.#changeSettings(change, by),
      fileUsed: (path) => this.#fileUsed(path),
      clearRecent: () => this.#clearRecent(),
      worked: () => this.#tellOfOthers(),
      used: (window) => this.#windows.use(window),
      closed: (window) => this.#closed(window),
    };
  }

  /** Opens a window for each one that an earlier run left unsaved work of, and for the files that were asked for. */
  start(): void {
    lockSession(session.defaultSession);
    protocol.handle(appScheme, (request) => answerAppRequest(request, join(this.#shared.dist, "renderer")));
    this.#grantShared();
    this.#listen();
    this.#makeMenu();
    const unsaved = numbersOfUnsaved(this.#shared.userData);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    const numbers = unsaved.length === 0 && waiting.length === 0 ? [1] : unsaved;
    for (const number of numbers) this.#show(number, null);
    for (const path of waiting) this.openFile(path);
  }

  /** A file from outside: command line, file manager, second start. */
  openFile(path: string): void {
    if (this.#waiting) {
      this.#waiting.push(path);
      return;
    }
    const { current } = this.#windows;
    const holder = this.#windows.holderOf(path);
    if (holder) holder.showOpenAlready(path);
    else if (current && (current.isFree || this.#windows.all.length >= maxWindows)) {
      current.openFile(path);
      current.focus();
    } else this.#openWindow(path);
  }

  /** Brings the window to the front that the person used last. */
  focus(): void {
    this.#windows.current?.focus();
  }

  get hasWindows(): boolean {
    return this.#windows.all.length > 0;
  }

  /** Closes one window after the other, until the person wants to stay. */
  async quit(): Promise<void> {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    for (let isGoing = true; isGoing && this.#windows.current; )
      isGoing = await this.#windows.current.close();
    this.#isQuitting = false;
  }

  /** What the person chose in earlier runs. */
  #grantShared(): void {
    const { grants, recent, programs, settings } = this.#shared;
    for (const { path } of recent.list()) grants.add(path);
    for (const path of programs.list()) grants.addProgram(path);
    for (const path of filesOfChoice(settings.value.fleet)) grants.addNamed(path);
  }

  #listen(): void {
    ipcMain.handle(ipcNames.invoke, async (event, channel, call, request): Promise<Outcome> => {
      const window = this.#sender(event);
      if (!window) return failure(new AppError("usage", "not for this page"), () => {});
      return window.router.invoke(channel, call, request);
    });
    ipcMain.on(ipcNames.cancel, (event, call) => this.#sender(event)?.router.cancel(call));
    ipcMain.on(ipcNames.dropped, (event, path) => {
      if (typeof path === "string" && path.length <= maxPathLength) this.#sender(event)?.grant(path);
    });
  }

  /** The window whose page itself sends, no frame in it and no other page. */
  #sender({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): ProjectWindow | undefined {
    if (senderFrame?.parent !== null || !isAppUrl(senderFrame.url)) return undefined;
    return this.#windows.all.find((window) => window.isOf(sender));
  }

  /**
   * One more window.
   * @throws AppError 'busy' if there are too many
   */
  #openWindow(path: string | null): void {
    const holder = path === null ? undefined : this.#windows.holderOf(path);
    if (path !== null && holder) {
      holder.showOpenAlready(path);
      return;
    }
    const number = nextNumber(this.#shared.userData, this.#windows.numbers, path !== null);
    if (number === undefined)
      throw new AppError("busy", `${maxWindows} windows are open, and there may be no more; close one first`);
    this.#show(number, path);
  }

  #show(number: number, path: string | null): void {
    const beside = this.#windows.current?.shown;
    const window = new ProjectWindow(number, this.#shared, this.#host);
    this.#windows.use(window);
    if (path !== null) window.openFile(path);
    window.show(beside).catch((error) => {
      this.#shared.log.error(error);
      dialog.showErrorBox("The window could not be opened", `The log in ${this.#shared.log.path} says why.`);
      window.discard();
    });
  }

  #closed(window: ProjectWindow): void {
    this.#windows.remove(window);
    if (!this.hasWindows) clearTimeout(this.#menuTimer);
    this.#tellOfOthers();
  }

  #changeSettings(change: SettingsChange, by: ProjectWindow): void {
    const { settings, grants } = this.#shared;
    settings.set(change);
    for (const path of filesOfChoice(settings.value.fleet)) grants.addNamed(path);
    nativeTheme.themeSource = settings.value.theme;
    this.#refreshMenu();
    for (const other of this.#windows.but(by)) other.send("settings", settings.value);
  }

  #tellOfOthers(): void {
    for (const window of this.#windows.all) {
      const working = this.#windows.but(window).flatMap((other) => other.working ?? []);
      window.send("others", { working });
    }
  }

  #fileUsed(path: string): void {
    this.#shared.grants.add(path);
    this.#shared.recent.add(path);
    app.addRecentDocument(path);
    this.#showRecent();
  }

  #clearRecent(): void {
    this.#shared.recent.clear();
    app.clearRecentDocuments();
    this.#showRecent();
  }

  #showRecent(): void {
    this.#refreshMenu();
    for (const window of this.#windows.all) window.send("recent", { files: this.#shared.recent.list() });
  }

  /** Soon, and once for all that changes meanwhile: a menu takes milliseconds to make. */
  #refreshMenu(): void {
    this.#menuTimer ??= setTimeout(() => {
      this.#menuTimer = undefined;
      this.#makeMenu();
    }, menuDelayMs);
  }

  #makeMenu(): void {
    const { settings, recent, dist } = this.#shared;
    const template = menuTemplate({
      platform: process.platform,
      settings: settings.value,
      recent: recent.list(),
      devTools: !app.isPackaged,
      tellWindow: (id) => this.#windows.current?.send("command", { id }),
      handlers: {
        "recent.clear": () => this.#clearRecent(),
        "help.documentation": () => void shell.openPath(join(dist, "..", "README.md")),
        "help.paper": () => void shell.openExternal("https://arxiv.org/abs/2008.03997"),
        "help.report": () => this.#showLogs(),
      },
      open: (path) => this.#windows.current?.openFile(path),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  /** Nothing sends a report automatically. */
  #showLogs(): void {
    const { log } = this.#shared;
    const { current } = this.#windows;
    if (!current) return;
    const message = {
      message: "Report a problem",
      detail: "Say what you did and what happened, and send these log files with it. They hold file names.",
      buttons: ["Show the log files", "Cancel"],
      cancelId: 1,
    };
    dialog.showMessageBox(current.shown, message).then(
      ({ response }) => {
        if (response === 0) shell.showItemInFolder(log.path);
      },
      (error) => log.error(error),
    );
  }
}
