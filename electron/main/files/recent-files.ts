import { existsSync } from "node:fs";
import { z } from "zod";
import { readStored, writeStored } from "../stored-json.ts";
import { fileKind } from "./file-kinds.ts";

const maxFiles = 10;

const recentSchema = z.array(z.string().min(1));

export interface RecentFile {
  readonly path: string;
  readonly kind: "project" | "model";
  readonly exists: boolean;
}

/** The files that were opened or saved last, newest first. */
export class RecentFiles {
  readonly #path: string;
  #files: readonly string[];

  constructor(path: string) {
    this.#path = path;
    this.#files = (readStored(path, recentSchema) ?? []).filter(fileKind).slice(0, maxFiles);
  }

  list(): RecentFile[] {
    return this.#files.map((path) => ({ path, kind: fileKind(path)!, exists: existsSync(path) }));
  }

  add(path: string): void {
    if (!fileKind(path)) return;
    this.#keep([path, ...this.#files.filter((other) => other !== path)].slice(0, maxFiles));
  }

  clear(): void {
    this.#keep([]);
  }

  #keep(files: readonly string[]): void {
    this.#files = files;
    writeStored(this.#path, files);
  }
}
