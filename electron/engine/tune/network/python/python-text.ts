/** A number as Python reads it. */
export function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'float("nan")';
  if (!Number.isFinite(value)) return value > 0 ? 'float("inf")' : 'float("-inf")';
  return String(value);
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

export function pythonString(text: string): string {
  return JSON.stringify(text);
}
