import { speaksOfMemory } from "../disk/system-failure.ts";

/** The end of what a process wrote, as much as is needed to tell why it gave up. */
export class EndOfText {
  #text = "";

  add(chunk: Buffer): void {
    this.#text = (this.#text + chunk.toString("latin1")).slice(-16_384);
  }

  get text(): string {
    return this.#text;
  }
}

/**
 * Why the working process ended without a word of its own, as one line.
 * @param code its exit code, if no signal ended it
 * @param written the end of what it wrote past our own code
 */
export function endReason(code: number | null, signal: NodeJS.Signals | null, written: string): string {
  if (speaksOfMemory(written))
    return "ran out of memory; use a smaller model or fewer images, or give it more with NODE_OPTIONS=--max-old-space-size=8192 (MB)";
  if (/ERR_MODULE_NOT_FOUND|ERR_DLOPEN_FAILED|MODULE_NOT_FOUND|SyntaxError/.test(written))
    return "a part of Offramp can't be loaded; install Offramp again (from its sources: `npm ci`, `npm run build`)";
  if (signal === "SIGKILL")
    return "was killed, most likely because the machine ran out of memory; close other programs, or use a smaller model or fewer images";
  const how = signal
    ? `died of ${signal}, a fault in a library or a lack of memory`
    : `ended with code ${code}`;
  return `the process that did the work ${how}; what was finished is kept, run again, with --verbose for what it said last`;
}
