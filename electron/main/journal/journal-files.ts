import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Design, designOfVersionOneSchema, designSchema } from "../../../shared/model/design.ts";
import { readStored, writeStored } from "../stored-json.ts";

/** What is open, as the journal knows it. */
const journalDocumentSchema = z.object({
  /** Differs each time that something is opened; what else lies in the folder belongs to it by this. */
  id: z.string(),
  name: z.string(),
  projectPath: z.string().nullable(),
  modelPath: z.string().nullable(),
  /** The request that opened it. */
  opening: z.object({
    channel: z.enum(["model.open", "project.open", "project.sample"]),
    request: z.record(z.string(), z.unknown()),
  }),
  /** File in the folder that holds the engine's project as it stands; null while the opened file says it all. */
  state: z
    .string()
    .regex(/^project-[0-9a-f-]+\.offramp$/)
    .nullable(),
  /** Whether `state` holds more than was opened or saved. */
  isChanged: z.boolean(),
  savedAt: z.string(),
});

const journalDesignSchema = z.object({
  document: z.string(),
  isEdited: z.boolean(),
  savedAt: z.string(),
  /** Of a run that an older version ended in a crash, too. */
  design: z.union([designSchema, designOfVersionOneSchema]),
});

/** Thresholds per class of every pinned plan fit. */
const maxDesignBytes = 32 * 2 ** 20;

export type JournalDocument = Readonly<z.infer<typeof journalDocumentSchema>>;
export type JournalDesign = Readonly<z.infer<typeof journalDesignSchema>>;

/**
 * A journal's files. `document.json` decides what the others mean and is replaced in one step, so that a kill between
 * any two writes leaves either the old work or the new.
 */
export class JournalFiles {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  document(): JournalDocument | undefined {
    return readStored(join(this.folder, "document.json"), journalDocumentSchema);
  }

  /** @returns undefined if there is none, or it belongs to what was open before */
  designOf(document: JournalDocument): JournalDesign | undefined {
    const design = readStored(join(this.folder, "design.json"), journalDesignSchema, maxDesignBytes);
    return design?.document === document.id ? design : undefined;
  }

  /** Where the document's state lies; undefined if it has none, or it went missing. */
  stateOf({ state }: JournalDocument): string | undefined {
    const path = state === null ? undefined : join(this.folder, state);
    return path !== undefined && existsSync(path) ? path : undefined;
  }

  /** A path for a new state, which counts once a document names it. */
  newState(): { readonly name: string; readonly path: string } {
    const name = `project-${randomUUID()}.offramp`;
    return { name, path: join(this.folder, name) };
  }

  /** From now on this is open; states that it doesn't name go. */
  writeDocument(document: JournalDocument): void {
    writeStored(join(this.folder, "document.json"), document);
    for (const name of readdirSync(this.folder))
      if (name.startsWith("project-") && name !== document.state)
        rmSync(join(this.folder, name), { force: true });
  }

  writeDesign(document: JournalDocument, design: Design, isEdited: boolean, savedAt: string): void {
    const content: JournalDesign = { document: document.id, isEdited, savedAt, design };
    writeStored(join(this.folder, "design.json"), content, maxDesignBytes);
  }

  /** Becomes what another journal is, in one step. */
  take(other: JournalFiles): void {
    this.remove();
    renameSync(other.folder, this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
