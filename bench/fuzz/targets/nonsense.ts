import { isDeepStrictEqual } from "node:util";

/** What was opened without complaint and can't be so, a clause each. */
export type Nonsense = string[];

/** Names every number in a value that is no number or infinite. */
export function strangeNumbers(value: unknown, where: string): Nonsense {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${where} is ${value}`];
  if (ArrayBuffer.isView(value)) {
    const strange = Array.from(value as Float32Array).findIndex((number) => !Number.isFinite(Number(number)));
    return strange < 0 ? [] : [`${where}[${strange}] is ${(value as Float32Array)[strange]}`];
  }
  if (value instanceof Map) return [...value].flatMap(([key, own]) => strangeNumbers(own, `${where}.${key}`));
  if (!value || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, own]) => strangeNumbers(own, `${where}.${key}`));
}

export function expectSame(found: unknown, expected: unknown, what: string): Nonsense {
  return isDeepStrictEqual(found, expected)
    ? []
    : [`${what} is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
}

export function expectTrue(holds: boolean, what: string): Nonsense {
  return holds ? [] : [what];
}
