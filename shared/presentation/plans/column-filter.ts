import type { PlanColumn } from "./plan-columns.ts";

/** From, to. */
type Range = readonly [number, number];

/** What a person wants of the figures of a column. */
type FilteredColumn = Pick<PlanColumn, "better" | "writtenUnit">;

const number = String.raw`([-−+]?\d*\.?\d+)\s*([kMG]?)B?`;
const unit = String.raw`(?:\s*(?:%|pp|ms|mJ|s|x))?`;
const single = new RegExp(`^(<=?|>=?|≤|≥|=)?\\s*${number}${unit}$`);
const between = new RegExp(`^${number}${unit}\\s*(?:\\.\\.|…|–|-|to)\\s*${number}${unit}$`);
const prefixes: Readonly<Record<string, number>> = { "": 1, k: 1e3, M: 1e6, G: 1e9 };

/**
 * What was written into a column's filter: `< 0.5`, `≥ 93`, `= 2`, `0.5..1`, and a number alone for at most where less is
 * better, at least where more is, else just that.
 * @returns in the column's own unit; null if it can't be read
 */
export function readFilter(text: string, { better, writtenUnit = 1 }: FilteredColumn): Range | null {
  const trimmed = text.trim();
  const range = between.exec(trimmed);
  if (range) {
    const ends = [written(range[1], range[2]), written(range[3], range[4])].map((end) => end * writtenUnit);
    return [Math.min(...ends), Math.max(...ends)];
  }
  const one = single.exec(trimmed);
  if (!one) return null;
  const [, sign, digits, prefix] = one;
  const value = written(digits, prefix) * writtenUnit;
  switch (sign?.[0] ?? signOf(better)) {
    case "<":
    case "≤":
      return [Number.NEGATIVE_INFINITY, value];
    case ">":
    case "≥":
      return [value, Number.POSITIVE_INFINITY];
    default: {
      // What rounds to the number as it was written.
      const half = (writtenUnit * (prefixes[prefix] ?? 1) * 10 ** -decimalsOf(digits)) / 2;
      return [value - half, value + half];
    }
  }
}

/** What a number alone stands for. */
export function signOf(better: PlanColumn["better"]): "≤" | "≥" | "=" {
  if (better === null) return "=";
  return better === "less" ? "≤" : "≥";
}

/** A range as it would be written. */
export function filterText([low, high]: Range, { writtenUnit = 1 }: FilteredColumn): string {
  const show = (value: number) => String(Number((value / writtenUnit).toPrecision(4)));
  if (low === Number.NEGATIVE_INFINITY) return `≤ ${show(high)}`;
  return high === Number.POSITIVE_INFINITY ? `≥ ${show(low)}` : `${show(low)}..${show(high)}`;
}

/** Whether a name has all the words that were written, whatever their case. */
export function hasWords(name: string, words: string): boolean {
  const found = name.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => found.includes(word));
}

function written(digits: string, prefix: string): number {
  return Number(digits.replace("−", "-")) * prefixes[prefix];
}

function decimalsOf(digits: string): number {
  const point = digits.indexOf(".");
  return point < 0 ? 0 : digits.length - point - 1;
}
