import { basename, join } from "node:path";
import {
  app,
  type BrowserWindow,
  dialog,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
  ipcMain,
  Menu,
  protocol,
  session,
  shell,
} from "electron";
import type { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import { plainName } from "../../shared/base/plain-name.ts";
import { filesOfChoice } from "../../shared/fleet/server-choice.ts";
import { type ChannelsBy, maxPathLength } from "../../shared/ipc/channels.ts";
import { type EventName, type Events, events } from "../../shared/ipc/events.ts";
import { ipcNames } from "../../shared/ipc/ipc-names.ts";
import { failure, type Outcome } from "../../shared/ipc/outcome.ts";
import { type EngineCall, EngineSupervisor } from "./engine/engine-supervisor.ts";
import { engineStarter } from "./engine/start-engine.ts";
import { ChosenPrograms } from "./files/chosen-programs.ts";
import { Grants } from "./files/grants.ts";
import { RecentFiles } from "./files/recent-files.ts";
import { Journal } from "./journal/journal.ts";
import { menuTemplate } from "./menu/menu.ts";
import { type DocumentState, mainHandlers } from "./requests/handlers.ts";
import { answerObserver } from "./requests/observe-answers.ts";
import { Router } from "./requests/router.ts";
import { RotatingLog } from "./rotating-log.ts";
import type { SettingsStore } from "./settings-store.ts";
import { answerAppRequest, appScheme, isAppUrl } from "./window/app-protocol.ts";
import { Closing } from "./window/closing.ts";
import { lockSession } from "./window/lock-down.ts";
import { createMainWindow, showWindow } from "./window/main-window.ts";

const menuDelayMs = 50;

export interface DesktopAppParts {
  /** The built app. */
  readonly dist: string;
  /** Folder of the app's own files. */
  readonly userData: string;
  readonly settings: SettingsStore;
  readonly log: RotatingLog;
}

/** The whole app: one window, one engine, and what connects them. */
export class DesktopApp {
  readonly #parts: DesktopAppParts;
  readonly #grants = new Grants();
  readonly #recent: RecentFiles;
  readonly #programs: ChosenPrograms;
  readonly #engine: EngineSupervisor;
  readonly #journal: Journal;
  readonly #closing: Closing;
  readonly #router: Router;
  #window: BrowserWindow | undefined;
  /** Waits for the page to ask for it. */
  #launchPath: string | null = null;
  /** Whether the page asked and listens from now on. */
  #isPageReady = false;
  #hasReloaded = false;
  #menuTimer: NodeJS.Timeout | undefined;

  constructor(parts: DesktopAppParts) {
    this.#parts = parts;
    const { userData, settings, log } = parts;
    const unexpected = (error: unknown) => log.error(error);
    this.#recent = new RecentFiles(join(userData, "recent.json"));
    this.#programs = new ChosenPrograms(join(userData, "programs.json"));
    this.#engine = new EngineSupervisor({
      start: engineStarter(
        {
          engine: join(parts.dist, "engine", "engine.cjs"),
          probe: join(parts.dist, "engine", "model-probe-child.cjs"),
          scratch: join(userData, "scratch"),
        },
        new RotatingLog(join(userData, "logs", "engine.log")),
      ),
      state: (state) => this.#send("engine", state),
      restore: (call) => this.#restore(call),
      unexpected,
      now: () => performance.now(),
    });
    this.#journal = new Journal({
      folder: userData,
      call: this.#engine.call,
      unexpected,
      now: () => new Date(),
    });
    this.#closing = new Closing({
      ask: () => this.#send("close", {}),
      isAlive: () => this.#isPageReady && !this.#window?.webContents.isCrashed(),
      close: (isSettled) => this.#close(isSettled),
    });
    this.#router = new Router({
      grants: this.#grants,
      handlers: mainHandlers({
        window: () => this.#shown(),
        grants: this.#grants,
        settings,
        recent: this.#recent,
        programs: this.#programs,
        clearRecent: () => this.#clearRecent(),
        journal: this.#journal,
        engine: this.#engine,
        closing: this.#closing,
        launchPath: () => {
          this.#isPageReady = true;
          return this.#launchPath;
        },
        refreshMenu: () => this.#refreshMenu(),
        documentChanged: (document) => this.#showDocument(document),
      }),
      engine: (channel, request, call) => this.#askEngine(channel, request, call),
      answered: answerObserver({
        journal: this.#journal,
        grants: this.#grants,
        fileUsed: (path) => this.#fileUsed(path),
      }),
      unexpected,
      now: () => performance.now(),
    });
  }

  /** Shows the window, then starts the engine, which would slow its first paint down. */
  async start(): Promise<void> {
    const { dist, userData } = this.#parts;
    lockSession(session.defaultSession);
    protocol.handle(appScheme, (request) => answerAppRequest(request, join(dist, "renderer")));
    this.#journal.setAside(false);
    for (const { path } of this.#recent.list()) this.#grants.add(path);
    for (const path of this.#programs.list()) this.#grants.addProgram(path);
    for (const path of filesOfChoice(this.#parts.settings.value.fleet)) this.#grants.addNamed(path);
    this.#listen();
    this.#makeMenu();
    const window = createMainWindow(
      join(dist, "preload.cjs"),
      join(userData, "window.json"),
      !app.isPackaged,
    );
    this.#window = window;
    window.on("page-title-updated", (event) => event.preventDefault());
    window.on("close", (event) => {
      event.preventDefault();
      this.#closing.request();
    });
    window.webContents.on("did-finish-load", () => this.#send("engine", this.#engine.state));
    window.webContents.on("render-process-gone", (_, { reason }) => this.#pageGone(reason));
    await showWindow(window);
    this.#engine.start();
  }

  /** A file from outside: command line, file manager, second start. */
  openFile(path: string): void {
    this.#grants.add(path);
    if (this.#isPageReady) this.#send("open", { path });
    else this.#launchPath = path;
  }

  focus(): void {
    if (this.#window?.isMinimized()) this.#window.restore();
    this.#window?.focus();
  }

  #listen(): void {
    ipcMain.handle(ipcNames.invoke, async (event, channel, call, request): Promise<Outcome> => {
      if (!this.#isOurs(event)) return failure(new AppError("usage", "not for this page"), () => {});
      return this.#router.invoke(channel, call, request);
    });
    ipcMain.on(ipcNames.cancel, (event, call) => {
      if (this.#isOurs(event)) this.#router.cancel(call);
    });
    ipcMain.on(ipcNames.dropped, (event, path) => {
      if (this.#isOurs(event) && typeof path === "string" && path.length <= maxPathLength)
        this.#grants.add(path);
    });
  }

  /** Whether the sender is our page itself, no frame in it and no other page. */
  #isOurs({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
    return sender === this.#window?.webContents && senderFrame?.parent === null && isAppUrl(senderFrame.url);
  }

  #askEngine(
    channel: ChannelsBy<"engine">,
    request: unknown,
    { id, signal }: { readonly id: string; readonly signal: AbortSignal },
  ): Promise<unknown> {
    return this.#engine.call(channel, request, {
      signal,
      progress: (progress) => this.#send("progress", { call: id, ...progress }),
    });
  }

  async #restore(call: EngineCall): Promise<void> {
    const opened = await this.#journal.restore(call);
    if (opened) this.#send("reopened", { project: opened.project });
  }

  #send<Name extends EventName>(name: Name, payload: z.input<Events[Name]>): void {
    const contents = this.#window?.webContents;
    if (!contents || contents.isDestroyed() || contents.isCrashed()) return;
    contents.send(ipcNames.event, name, events[name].parse(payload));
  }

  /** The window, for a request that came from it. */
  #shown(): BrowserWindow {
    if (!this.#window) throw new AppError("internal", "the window is gone");
    return this.#window;
  }

  #showDocument({ title, path, edited }: DocumentState): void {
    const window = this.#shown();
    // Outside macOS only the title can show it.
    const mark = edited && process.platform !== "darwin" ? " *" : "";
    const name = plainName(path === null ? title : basename(path));
    window.setTitle(name === "" ? "Offramp" : `${name}${mark} - Offramp`);
    window.setRepresentedFilename(path ?? "");
    window.setDocumentEdited(edited);
  }

  #fileUsed(path: string): void {
    this.#launchPath = null;
    this.#grants.add(path);
    this.#recent.add(path);
    app.addRecentDocument(path);
    this.#refreshMenu();
  }

  #clearRecent(): void {
    this.#recent.clear();
    app.clearRecentDocuments();
    this.#refreshMenu();
  }

  /** Soon, and once for all that changes meanwhile: a menu takes milliseconds to make. */
  #refreshMenu(): void {
    this.#menuTimer ??= setTimeout(() => {
      this.#menuTimer = undefined;
      this.#makeMenu();
    }, menuDelayMs);
  }

  #makeMenu(): void {
    const template = menuTemplate({
      platform: process.platform,
      settings: this.#parts.settings.value,
      recent: this.#recent.list(),
      devTools: !app.isPackaged,
      tellWindow: (id) => this.#send("command", { id }),
      handlers: {
        "recent.clear": () => this.#clearRecent(),
        "help.documentation": () => void shell.openPath(join(this.#parts.dist, "..", "README.md")),
        "help.paper": () => void shell.openExternal("https://arxiv.org/abs/2008.03997"),
        "help.report": () => this.#showLogs(),
      },
      open: (path) => this.openFile(path),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  /** Nothing sends a report automatically. */
  #showLogs(): void {
    const message = {
      message: "Report a problem",
      detail: "Say what you did and what happened, and send these log files with it. They hold file names.",
      buttons: ["Show the log files", "Cancel"],
      cancelId: 1,
    };
    dialog.showMessageBox(this.#shown(), message).then(
      ({ response }) => {
        if (response === 0) shell.showItemInFolder(this.#parts.log.path);
      },
      (error) => this.#parts.log.error(error),
    );
  }

  /** Once the page may be shown again; what was unsaved is offered as after a crash of the app. */
  #pageGone(reason: string): void {
    this.#parts.log.note(`the page's process ended: ${reason}`);
    this.#router.cancelAll();
    if (reason === "clean-exit") return;
    if (this.#hasReloaded) {
      dialog.showErrorBox("The window failed again", "Your work is kept. Start Offramp again to continue.");
      this.#close(false);
      return;
    }
    this.#hasReloaded = true;
    this.#isPageReady = false;
    this.#journal.setAside(true);
    this.#shown().webContents.reload();
  }

  #close(isSettled: boolean): void {
    clearTimeout(this.#menuTimer);
    this.#engine.stop();
    // Unsettled work stays for the next start.
    if (isSettled) this.#journal.clear();
    const window = this.#window;
    this.#window = undefined;
    window?.destroy();
  }
}
