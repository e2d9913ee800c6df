import { basename, join } from "node:path";
import { app, type BrowserWindow, dialog, type WebContents } from "electron";
import type { z } from "zod";
import { AppError } from "../../shared/base/errors.ts";
import { plainName } from "../../shared/base/plain-name.ts";
import type { ChannelsBy, Opened } from "../../shared/ipc/channels.ts";
import { type EventName, type Events, events } from "../../shared/ipc/events.ts";
import { ipcNames } from "../../shared/ipc/ipc-names.ts";
import type { SettingsChange } from "../../shared/ipc/settings.ts";
import { type EngineCall, EngineSupervisor } from "./engine/engine-supervisor.ts";
import { engineStarter } from "./engine/start-engine.ts";
import { Grants } from "./files/grants.ts";
import { fileTakenBy, HeldFiles } from "./files/held-files.ts";
import { Journal } from "./journal/journal.ts";
import { type DocumentState, mainHandlers } from "./requests/handlers.ts";
import { answerObserver } from "./requests/observe-answers.ts";
import { Router } from "./requests/router.ts";
import type { SharedState } from "./shared-state.ts";
import { Closing } from "./window/closing.ts";
import { createMainWindow, keepPlace, showWindow } from "./window/main-window.ts";
import { windowFolder } from "./window/window-folders.ts";

/** What a window asks of the app. */
export interface WindowHost {
  /** The other window that works on a project file. */
  holderOf(path: string, asking: ProjectWindow): ProjectWindow | undefined;
  /** @throws AppError 'busy' if there are too many */
  openWindow(path: string | null): void;
  changeSettings(change: SettingsChange, by: ProjectWindow): void;
  fileUsed(path: string): void;
  clearRecent(): void;
  /** It began or ended something that keeps the machine busy, or works on something else now. */
  worked(): void;
  /** It has the person's attention. */
  used(window: ProjectWindow): void;
  closed(window: ProjectWindow): void;
}

/** One window with one project: an engine, a journal and grants of its own, and what connects them. */
export class ProjectWindow {
  readonly number: number;
  readonly #shared: SharedState;
  readonly #host: WindowHost;
  readonly #grants: Grants;
  readonly #engine: EngineSupervisor;
  readonly #journal: Journal;
  readonly #closing: Closing;
  readonly #router: Router;
  readonly #held: HeldFiles;
  #window: BrowserWindow | undefined;
  /** Waits for the page to open it. */
  #launchPath: string | null = null;
  /** Whether the page asked and listens from now on. */
  #isPageReady = false;
  #hasReloaded = false;
  #name = "";

  /** @param number differs from that of every other window; says where its files are */
  constructor(number: number, shared: SharedState, host: WindowHost) {
    this.number = number;
    this.#shared = shared;
    this.#host = host;
    this.#grants = new Grants(shared.grants);
    const folder = windowFolder(shared.userData, number);
    this.#engine = this.#makeEngine(join(folder, "scratch"));
    this.#journal = new Journal({
      folder,
      call: this.#engine.call,
      unexpected: this.#unexpected,
      now: () => new Date(),
    });
    this.#held = new HeldFiles({
      open: () => this.#journal.projectPath,
      isElsewhere: (path) => host.holderOf(path, this) !== undefined,
    });
    this.#closing = new Closing({
      ask: () => this.send("close", {}),
      isAlive: () => this.#isPageReady && !this.#window?.webContents.isCrashed(),
      close: (isSettled) => this.#close(isSettled),
    });
    this.#router = this.#makeRouter();
  }

  /**
   * Shows the window, then starts the engine, which would slow its first paint down.
   * @param beside the window that it stands beside, if any
   */
  async show(beside: BrowserWindow | undefined): Promise<void> {
    this.#journal.setAside(false);
    const preload = join(this.#shared.dist, "preload.cjs");
    const window = createMainWindow(preload, this.#placeFile, !app.isPackaged, beside);
    this.#window = window;
    window.on("page-title-updated", (event) => event.preventDefault());
    window.on("focus", () => this.#host.used(this));
    window.on("close", (event) => {
      event.preventDefault();
      void this.#closing.request();
    });
    window.webContents.on("did-finish-load", () => {
      this.send("engine", this.#engine.state);
      this.#host.worked();
    });
    window.webContents.on("render-process-gone", (_, { reason }) => this.#pageGone(reason));
    await showWindow(window).catch((error) => {
      if (this.#window === window) throw error;
    });
    // It may have been closed by then.
    if (this.#window === window) this.#engine.start();
  }

  /** Whether nothing is open here, nor about to be, nor offered. */
  get isFree(): boolean {
    const isBusy = this.#launchPath !== null || this.#held.isTaking || this.#journal.hasDocument;
    return !isBusy && this.#journal.recovery() === null;
  }

  holds(path: string): boolean {
    return this.#held.holds(path);
  }

  /** Its project's name if it keeps the machine busy. */
  get working(): string | undefined {
    return this.#router.isWorking ? this.#name : undefined;
  }

  isOf(contents: WebContents): boolean {
    return contents === this.#window?.webContents;
  }

  get router(): Router {
    return this.#router;
  }

  /** What the person points at. */
  grant(path: string): void {
    this.#grants.add(path);
  }

  /** Opens a file in place of what is open, after asking about that. */
  openFile(path: string): void {
    this.#grants.add(path);
    this.#launchPath = path;
    if (this.#isPageReady) this.send("open", { path });
  }

  /** Comes to the front, and says that the file is open here. */
  showOpenAlready(path: string): void {
    this.focus();
    this.send("openAlready", { path });
  }

  focus(): void {
    if (this.#window?.isMinimized()) this.#window.restore();
    this.#window?.show();
    this.#window?.focus();
    this.#host.used(this);
  }

  /** @returns whether it went: the person may want to stay */
  close(): Promise<boolean> {
    this.focus();
    return this.#closing.request();
  }

  /** Closes without asking; what is unsaved is offered again. */
  discard(): void {
    this.#close(false);
  }

  send<Name extends EventName>(name: Name, payload: z.input<Events[Name]>): void {
    const contents = this.#window?.webContents;
    if (!contents || contents.isDestroyed() || contents.isCrashed()) return;
    contents.send(ipcNames.event, name, events[name].parse(payload));
  }

  /** The window, for a request that came from it. */
  get shown(): BrowserWindow {
    if (!this.#window) throw new AppError("internal", "the window is gone");
    return this.#window;
  }

  /** One for all windows. */
  get #placeFile(): string {
    return join(this.#shared.userData, "window.json");
  }

  readonly #unexpected = (error: unknown) => this.#shared.log.error(error);

  #makeEngine(scratch: string): EngineSupervisor {
    const { dist, engineLog } = this.#shared;
    const mark = this.number === 1 ? "" : ` ${this.number}`;
    const start = engineStarter(
      {
        names: { engine: `Offramp engine${mark}`, probe: `Offramp model check${mark}` },
        engine: join(dist, "engine", "engine.cjs"),
        probe: join(dist, "engine", "model-probe-child.cjs"),
        scratch,
      },
      engineLog,
    );
    return new EngineSupervisor({
      start,
      state: (state) => this.send("engine", state),
      restore: (call) => this.#restore(call),
      unexpected: this.#unexpected,
      now: () => performance.now(),
    });
  }

  #makeRouter(): Router {
    const host = this.#host;
    return new Router({
      grants: this.#grants,
      handlers: mainHandlers({
        window: () => this.shown,
        grants: this.#grants,
        shared: this.#shared,
        clearRecent: () => host.clearRecent(),
        changeSettings: (change) => host.changeSettings(change, this),
        openWindow: (path) => host.openWindow(path),
        showHolder: (path) => this.#showHolder(path),
        journal: this.#journal,
        recover: () => this.#recover(),
        engine: this.#engine,
        closing: this.#closing,
        launchPath: () => {
          this.#isPageReady = true;
          return this.#launchPath;
        },
        documentChanged: (document) => this.#showDocument(document),
      }),
      engine: (channel, request, call) => this.#askEngine(channel, request, call),
      worked: () => host.worked(),
      answered: answerObserver({
        journal: this.#journal,
        grants: this.#grants,
        fileUsed: (path) => host.fileUsed(path),
      }),
      unexpected: this.#unexpected,
      now: () => performance.now(),
    });
  }

  #askEngine(
    channel: ChannelsBy<"engine">,
    request: unknown,
    { id, signal }: { readonly id: string; readonly signal: AbortSignal },
  ): Promise<unknown> {
    const ask = () =>
      this.#engine.call(channel, request, {
        signal,
        progress: (progress) => this.send("progress", { call: id, ...progress }),
      });
    const path = fileTakenBy(channel, request);
    return path === undefined ? ask() : this.#take(path, ask);
  }

  #recover(): Promise<Opened> {
    return this.#take(this.#journal.recovery()?.projectPath ?? null, () => this.#journal.recover());
  }

  /** What is opened or saved takes the place of what waited. */
  #take<Result>(path: string | null, work: () => Promise<Result>): Promise<Result> {
    return this.#held.take(path, work).finally(() => {
      this.#launchPath = null;
    });
  }

  #showHolder(path: string): boolean {
    const holder = this.#host.holderOf(path, this);
    holder?.showOpenAlready(path);
    return holder !== undefined;
  }

  async #restore(call: EngineCall): Promise<void> {
    const opened = await this.#journal.restore(call);
    if (opened) this.send("reopened", { project: opened.project });
  }

  #showDocument({ title, path, edited }: DocumentState): void {
    const window = this.shown;
    // Outside macOS only the title can show it.
    const mark = edited && process.platform !== "darwin" ? " *" : "";
    this.#name = plainName(path === null ? title : basename(path));
    window.setTitle(this.#name === "" ? "Offramp" : `${this.#name}${mark} - Offramp`);
    window.setRepresentedFilename(path ?? "");
    window.setDocumentEdited(edited);
    this.#host.worked();
  }

  /** Once the page may be shown again; what was unsaved is offered as after a crash of the app. */
  #pageGone(reason: string): void {
    this.#shared.log.note(`the page's process ended: ${reason}`);
    this.#router.cancelAll();
    if (reason === "clean-exit") return;
    if (this.#hasReloaded) {
      dialog.showErrorBox(
        "The window failed again",
        "Your work is kept. A new window offers it, or the next start of Offramp.",
      );
      this.discard();
      return;
    }
    // A page that was ready has been told of it, and may have failed at it.
    if (this.#isPageReady) this.#launchPath = null;
    this.#hasReloaded = true;
    this.#isPageReady = false;
    this.#journal.setAside(true);
    this.shown.webContents.reload();
  }

  #close(isSettled: boolean): void {
    this.#engine.stop();
    // Unsettled work stays for the next window or start.
    if (isSettled) this.#journal.clear();
    const window = this.#window;
    this.#window = undefined;
    this.#host.closed(this);
    if (!window) return;
    keepPlace(window, this.#placeFile);
    window.destroy();
  }
}
