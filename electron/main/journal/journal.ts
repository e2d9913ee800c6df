import { randomUUID } from "node:crypto";
import { basename, extname, join } from "node:path";
import type { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { type Channels, channels, type Opened } from "../../../shared/ipc/channels.ts";
import { type Design, emptyDesign, upgradeDesign } from "../../../shared/model/design.ts";
import type { EngineCall } from "../engine/engine-supervisor.ts";
import { type JournalDocument, JournalFiles } from "./journal-files.ts";

export type Opening = JournalDocument["opening"];

export interface JournalParts {
  /** Where a window keeps its own files. */
  readonly folder: string;
  readonly call: EngineCall;
  readonly unexpected: (error: unknown) => void;
  readonly now: () => Date;
}

/**
 * Keeps what is open on disk while it is worked on: the engine's project after every change, and the design. After a
 * crash of the engine it is opened again from here; what a run of the app left unsaved is set aside and offered at the
 * next start.
 */
export class Journal {
  readonly #parts: JournalParts;
  readonly #files: JournalFiles;
  readonly #aside: JournalFiles;
  #document: JournalDocument | undefined;
  #design: Design = emptyDesign;
  #keeping: Promise<void> | undefined;
  #isStale = false;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    const { files, aside } = filesIn(parts.folder);
    this.#files = files;
    this.#aside = aside;
  }

  /** Whether something is open. */
  get hasDocument(): boolean {
    return this.#document !== undefined;
  }

  /** The file of the project that is open; null if it has none. */
  get projectPath(): string | null {
    return this.#document?.projectPath ?? null;
  }

  /** Makes what the journal holds the offered recovery: at start if it was unsaved, after the page crashed in any case. */
  setAside(isForced: boolean): void {
    this.#document = undefined;
    const document = this.#files.document();
    if (document && (isForced || isUnsaved(this.#files, document))) this.#aside.take(this.#files);
    else this.#files.remove();
  }

  /** What `recover` would open. */
  recovery(): { name: string; savedAt: string; projectPath: string | null } | null {
    const document = this.#aside.document();
    if (!document) return null;
    const design = this.#aside.designOf(document);
    const savedAt = design && design.savedAt > document.savedAt ? design.savedAt : document.savedAt;
    return { name: document.name, savedAt, projectPath: document.projectPath };
  }

  /**
   * Opens what was set aside; it stays there until that succeeded.
   * @throws AppError 'file-not-found' if there is nothing, or what the engine throws
   */
  async recover(): Promise<Opened> {
    const document = this.#aside.document();
    if (!document) throw new AppError("file-not-found", "there is no unsaved work to recover");
    const design = this.#aside.designOf(document);
    const { project, design: saved } = await reopen(this.#parts.call, document, this.#aside);
    this.#files.take(this.#aside);
    this.#document = document;
    const ids = project.profiles.map(({ id }) => id);
    this.#design = design ? upgradeDesign(design.design, ids) : (saved ?? emptyDesign);
    return { project, design: this.#design };
  }

  discard(): void {
    this.#aside.remove();
  }

  /** Something was opened in place of what was open. */
  opened(opening: Opening, { project, design }: Opened): void {
    this.#design = design ?? emptyDesign;
    this.#write({
      id: randomUUID(),
      name: project.name,
      projectPath: project.projectPath,
      modelPath: project.modelPath,
      opening,
      state: null,
      isChanged: false,
      savedAt: this.#time(),
    });
    if (opening.channel !== "project.open") this.#keep(false);
  }

  /** The engine changed the project. */
  changed(): void {
    this.#keep(true);
  }

  /** The project was saved where the person wants it. */
  saved(path: string, design: Design): void {
    const document = this.#document;
    if (!document) return;
    this.#design = design;
    this.#write({
      ...document,
      name: basename(path, extname(path)),
      projectPath: path,
      opening: { channel: "project.open", request: { path } },
      state: null,
      isChanged: false,
      savedAt: this.#time(),
    });
    this.writeDesign(design, false);
  }

  writeDesign(design: Design, isEdited: boolean): void {
    this.#design = design;
    if (this.#document) this.#files.writeDesign(this.#document, design, isEdited, this.#time());
  }

  /** Nothing is unsaved any more. */
  clear(): void {
    this.#document = undefined;
    this.#files.remove();
  }

  /**
   * Opens in a fresh engine what was open in the last one.
   * @returns undefined if nothing was
   */
  async restore(call: EngineCall): Promise<Opened | undefined> {
    return this.#document && reopen(call, this.#document, this.#files);
  }

  #write(document: JournalDocument): void {
    this.#document = document;
    this.#files.writeDocument(document);
  }

  /** Makes the engine write its state, one write at a time and again if it changed meanwhile. */
  #keep(isChange: boolean): void {
    if (this.#document && isChange) this.#document = { ...this.#document, isChanged: true };
    this.#isStale = true;
    this.#keeping ??= this.#keepUp().finally(() => {
      this.#keeping = undefined;
    });
  }

  async #keepUp(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      await this.#keepState().catch((error) => {
        // The engine's end is reported elsewhere, and what is on disk stays.
        if (!(error instanceof AppError && error.code === "engine-crashed")) this.#parts.unexpected(error);
      });
    }
  }

  async #keepState(): Promise<void> {
    const before = this.#document;
    if (!before) return;
    const state = this.#files.newState();
    const request: z.input<Channels["project.save"]["request"]> = {
      path: state.path,
      design: this.#design,
      copy: true,
    };
    await this.#parts.call("project.save", request);
    // Opened, saved or closed meanwhile: what was written is of no use.
    const now = this.#document;
    if (now?.id !== before.id || now.opening !== before.opening) return;
    this.#write({ ...now, state: state.name, savedAt: this.#time() });
  }

  #time(): string {
    return this.#parts.now().toISOString();
  }
}

/** Whether a journal in this folder has something to offer, or will once it is set aside. */
export function holdsUnsavedWork(folder: string): boolean {
  const { files, aside } = filesIn(folder);
  const document = files.document();
  return aside.document() !== undefined || (document !== undefined && isUnsaved(files, document));
}

function filesIn(folder: string) {
  return {
    files: new JournalFiles(join(folder, "journal")),
    aside: new JournalFiles(join(folder, "recovery")),
  };
}

function isUnsaved(files: JournalFiles, document: JournalDocument): boolean {
  return document.isChanged || files.designOf(document)?.isEdited === true;
}

/** Opens a journal's document from the state that it keeps, or the way that it was opened first. */
async function reopen(call: EngineCall, document: JournalDocument, files: JournalFiles): Promise<Opened> {
  const { name, projectPath, modelPath, opening } = document;
  const state = files.stateOf(document);
  const value = state
    ? await call("project.open", { path: state, as: { name, projectPath, modelPath } })
    : await call(opening.channel, opening.request);
  return channels["project.open"].response.parse(value);
}
