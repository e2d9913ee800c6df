import { type Random, randomInteger } from "../../../../shared/base/random.ts";
import { manyTimes, pick } from "../../drawing/draw.ts";
import { hostileName, hostileNumber } from "../../drawing/hostile-values.ts";
import type { Mutator } from "../../mutator.ts";
import { fileEntry } from "../../tree.ts";
import { type DataSubject, filesIn } from "../data-subject.ts";

function onLines(id: string, change: (lines: string[], random: Random) => void): Mutator<DataSubject> {
  return {
    id,
    mutate: (subject, random) => {
      const tables = filesIn(subject).filter(([name]) => /\.(csv|tsv|txt)$/.test(name));
      if (tables.length === 0) return false;
      const [name, bytes] = pick(random, tables);
      const lines = new TextDecoder().decode(bytes).split("\n");
      change(lines, random);
      subject.tree.set(name, fileEntry(lines.join("\n")));
      return true;
    },
  };
}

/** Of a table of text: a hostile name, a number out of range, a quote that isn't closed. */
export const hostileCell = onLines("hostile-cell", (lines, random) => {
  const at = randomInteger(random, lines.length);
  const cells = lines[at].split(",");
  const value = pick(random, [
    hostileName(random),
    String(hostileNumber(random)),
    '"',
    '"a""b',
    "\t;|",
    "-1",
    "1.5",
  ]);
  cells[randomInteger(random, cells.length)] = value;
  lines[at] = cells.join(",");
});

export const manyLines = onLines("many-lines", (lines, random) => {
  const line = pick(random, lines);
  const most = Math.max(2, Math.floor(2e7 / (line.length + 1)));
  for (let count = manyTimes(random, Math.min(most, 1_000_000)); count > 0; count--) lines.push(line);
});

export const manyColumns = onLines("many-columns", (lines, random) => {
  const at = randomInteger(random, lines.length);
  lines[at] += ",x".repeat(manyTimes(random, 500_000));
});

export const noLineBreak = onLines("no-line-break", (lines, random) => {
  lines.splice(0, lines.length, lines.join(pick(random, ["", "\r", " ", "\u0000"])));
});
