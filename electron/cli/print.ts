import { longestText, plainJson, plainText, shortenMiddle } from "../../shared/base/plain-text.ts";

/**
 * The one writer to the terminal. A line is one line, whatever the names in it hold: nothing moves the cursor, turns the text
 * or begins a line that we didn't.
 */
export function printLines(lines: readonly string[]): void {
  write(lines.map(printable).join("\n"));
}

/** One line of JSON, for programs; it names everything exactly, in escapes where a terminal would act. */
export function printJson(value: unknown): void {
  write(plainJson(value));
}

/** Beside the results: progress, warnings, errors. */
export function sayLines(lines: readonly string[]): void {
  process.stderr.write(`${lines.map(printable).join("\n")}\n`);
}

/** Takes away what stands in the line that a progress bar is in. */
export function clearLine(): void {
  process.stderr.write("\r\x1b[K");
}

/** Makes a hidden cursor visible again, and begins a line. */
export function showCursor(): void {
  process.stderr.write("\x1b[?25h\n");
}

function printable(line: string): string {
  return shortenMiddle(plainText(line), longestText);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`, (cause) => {
    if (cause) giveUpPrinting(cause);
  });
}

/** A reader that closes the pipe (`offramp inspect … | head`) is no failure; results that got lost are one. */
export function giveUpPrinting(cause: NodeJS.ErrnoException): never {
  if (cause.code === "EPIPE") process.exit();
  sayLines([`offramp: the result can't be printed (${cause.code ?? cause.message})`]);
  process.exit(1);
}
