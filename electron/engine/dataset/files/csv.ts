const DELIMITERS = [",", ";", "\t", "|"] as const;

/**
 * The rows of a table of comma-separated values, or of semicolons, tabs or bars where the first line has more of them. Cells
 * may stand in double quotes; blank lines are skipped; lines end as on Unix, Windows or old Macs.
 * @returns cells, trimmed, and the number of the line that a row starts on
 * @see RFC 4180
 */
export function* csvRows(
  written: string,
): Generator<{ readonly cells: readonly string[]; readonly line: number }> {
  const text = written.includes("\r") ? written.replace(/\r\n?/g, "\n") : written;
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const delimiter = delimiterOf(text.slice(start, lineEnd(text, start)));
  let at = start;
  let line = 1;
  while (at < text.length) {
    const row = readRow(text, at, delimiter);
    if (row.cells.length > 1 || row.cells[0] !== "") yield { cells: row.cells, line };
    for (let i = at; i < row.end; i++) if (text[i] === "\n") line++;
    at = row.end;
  }
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

function delimiterOf(firstLine: string): string {
  const counts = DELIMITERS.map((delimiter) => firstLine.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** One row, which may span lines within quotes; `end` is where the next starts. */
function readRow(text: string, start: number, delimiter: string): { cells: string[]; end: number } {
  const cells: string[] = [];
  let at = start;
  while (true) {
    const cell = text[at] === '"' ? readQuoted(text, at) : readPlain(text, at, delimiter);
    cells.push(cell.value.trim());
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

/** A cell in quotes, within which two quotes stand for one. */
function readQuoted(text: string, start: number): { value: string; end: number } {
  const parts: string[] = [];
  let at = start + 1;
  while (true) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { value: parts.join("") + text.slice(at), end: text.length };
    parts.push(text.slice(at, quote));
    if (text[quote + 1] !== '"') return { value: parts.join(""), end: quote + 1 };
    parts.push('"');
    at = quote + 2;
  }
}
