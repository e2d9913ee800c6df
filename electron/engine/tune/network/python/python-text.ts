/** A number as Python reads it. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  const short = Math.fround(value) === value ? shortest(value) : value;
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential() : String(short);
}

/** Digits that tell a float32 from all others. */
const mostDigits = 9;

/** The number of the fewest digits that is the same in float32. */
function shortest(value: number): number {
  for (let digits = 1; digits < mostDigits; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

/** Numbers as one where all are the same, as layers take the two sides of a kernel. */
export function pythonSides(values: readonly number[]): string {
  const [first] = values;
  return values.every((value) => value === first) ? pythonNumber(first) : pythonTuple(values);
}

export function pythonTuple(values: readonly (number | string)[]): string {
  const items = values.map((value) => (typeof value === "number" ? pythonNumber(value) : value));
  return `(${items.join(", ")}${items.length === 1 ? "," : ""})`;
}

/** Arguments of a call: those that a layer doesn't need are undefined and left out. */
export function pythonCall(
  callee: string,
  positional: readonly string[],
  named: NamedArguments = {},
): string {
  const further = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  return `${callee}(${[...positional, ...further].join(", ")})`;
}

export type NamedArguments = Readonly<Record<string, string | undefined>>;

/** Any text as a literal: JSON's escapes are Python's too. */
export function pythonString(text: string): string {
  return JSON.stringify(text);
}
