const DELIMITERS = [",", ";", "\t", "|"] as const;

/**
 * The rows of a table of comma-separated values, or of semicolons, tabs or bars where the first line has more of them. Cells
 * may stand in double quotes; blank lines are skipped; lines end as on Unix, Windows or old Macs.
 * @param maxCells how many cells of a row are wanted; those behind are left out
 * @returns cells, trimmed, and the number of the line that a row starts on
 * @see RFC 4180
 */
export function* csvRows(
  written: string,
  maxCells = Number.POSITIVE_INFINITY,
): Generator<{ readonly cells: readonly string[]; readonly line: number }> {
  const text = written.includes("\r") ? written.replace(/\r\n?/g, "\n") : written;
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const delimiter = delimiterOf(text.slice(start, lineEnd(text, start)));
  let at = start;
  let line = 1;
  while (at < text.length) {
    if (text[at] === "\n") {
      line++;
      at++;
      continue;
    }
    const row = readRow(text, at, delimiter, maxCells);
    if (row.cells.length > 1 || row.cells[0] !== "") yield { cells: row.cells, line };
    for (let end = text.indexOf("\n", at); end >= 0 && end < row.end; end = text.indexOf("\n", end + 1))
      line++;
    at = row.end;
  }
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

function delimiterOf(firstLine: string): string {
  const counts = DELIMITERS.map((delimiter) => countOf(delimiter, firstLine));
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

function countOf(character: string, text: string): number {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count++;
  return count;
}

/** One row, which may span lines within quotes; `end` is where the next starts. */
function readRow(
  text: string,
  start: number,
  delimiter: string,
  maxCells: number,
): { cells: string[]; end: number } {
  const cells: string[] = [];
  let at = start;
  while (true) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, delimiter);
    if (cells.length < maxCells) cells.push(cell.value.trim());
    at = cell.end;
    if (text[at] !== delimiter) break;
    at++;
  }
  const end = lineEnd(text, at);
  return { cells, end: Math.min(text.length, end + 1) };
}

function readPlain(text: string, start: number, delimiter: string): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n") end++;
  return { value: text.slice(start, end), end };
}

/** Nothing that is longer is a path or a name, and undoing its quotes would take many times its memory. */
const LONGEST_WORD = 65_536;

/** A cell in quotes, within which two quotes stand for one; without an end it takes all that is left. */
function readQuoted(text: string, start: number): { value: string; end: number } {
  let hasQuotes = false;
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text[quote + 1] === '"') {
    hasQuotes = true;
    quote = text.indexOf('"', quote + 2);
  }
  const inside = text.slice(start + 1, quote < 0 ? text.length : quote);
  const isWord = inside.length <= LONGEST_WORD;
  const value = hasQuotes && isWord ? inside.replaceAll('""', '"') : inside;
  return { value, end: quote < 0 ? text.length : quote + 1 };
}
