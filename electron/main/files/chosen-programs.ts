import { z } from "zod";
import { readStored, writeStored } from "../stored-json.ts";

const maxPrograms = 10;

const programsSchema = z.array(z.string().min(1));

/**
 * The programs that the person has chosen to be run, newest first. The page remembers which one it uses; that it may be
 * run is kept here, out of the page's reach.
 */
export class ChosenPrograms {
  readonly #path: string;
  #programs: readonly string[];

  constructor(path: string) {
    this.#path = path;
    this.#programs = (readStored(path, programsSchema) ?? []).slice(0, maxPrograms);
  }

  list(): readonly string[] {
    return this.#programs;
  }

  add(path: string): void {
    this.#programs = [path, ...this.#programs.filter((other) => other !== path)].slice(0, maxPrograms);
    writeStored(this.#path, this.#programs);
  }
}
