import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

const maxBytes = 1_000_000;

/** A log of at most two files: when the first is full, it becomes the second. It never fails its caller. */
export class RotatingLog {
  readonly path: string;
  #bytes: number;

  constructor(path: string) {
    this.path = path;
    this.#bytes = sizeOf(path);
  }

  /** One line of our own, with the time. */
  note(text: string): void {
    this.write(Buffer.from(`${new Date().toISOString()} ${text}\n`));
  }

  /** An error with its stack, which belongs here and nowhere else. */
  error(error: unknown): void {
    this.note(error instanceof Error ? `${error.stack ?? error.message}` : String(error));
  }

  write(chunk: Uint8Array): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      if (this.#bytes > 0 && this.#bytes + chunk.length > maxBytes) {
        renameSync(this.path, `${this.path}.old`);
        this.#bytes = 0;
      }
      // A process that floods its output keeps the end of it.
      const kept = chunk.subarray(-maxBytes);
      appendFileSync(this.path, kept);
      this.#bytes += kept.length;
    } catch {
      // A full disk must not stop the app for the sake of its log.
    }
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
