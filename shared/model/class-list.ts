/** Classes in the order of the model's scores, or why a text lists none. */
export type ClassList = { readonly names: readonly string[] } | { readonly fault: string };

/** More classes than any image classifier has. */
export const MAX_CLASSES = 65_536;

/**
 * Reads class names in any of the forms that training scripts write: one a line, such lines numbered from 0 ("0 cat",
 * "0: cat"), a JSON list, or a JSON object from name to index or from index to name.
 */
export function parseClassList(text: string): ClassList {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") return { fault: "is empty, expected class names" };
  if (!/^[[{]/.test(trimmed)) return checked(fromLines(trimmed.split(/\r?\n/, MAX_CLASSES + 1)));
  try {
    return checked(fromValue(JSON.parse(trimmed)));
  } catch (error) {
    return { fault: `is no JSON (${error instanceof Error ? error.message : String(error)})` };
  }
}

/** Names by line, or by the number in front of each if all lines have one. */
export function fromLines(lines: readonly string[]): ClassList {
  if (lines.length > MAX_CLASSES) return { fault: tooMany };
  const trimmed = lines.map((line) => line.trim());
  const empty = trimmed.indexOf("");
  if (empty >= 0) return { fault: `line ${empty + 1} is empty, expected a class name` };
  const numbered = trimmed.map(numberedLine);
  const pairs = numbered.filter((pair) => pair !== undefined);
  if (pairs.length < lines.length) return { names: trimmed };
  const placed = placedNames(pairs);
  const areNumbers = "names" in placed || pairs.every(([number], index) => number === index + 1);
  return areNumbers ? placed : { names: trimmed };
}

/** "0 cat", "0: cat" or "0, cat"; undefined for a line that is a name by itself. */
function numberedLine(line: string): [number, string] | undefined {
  const digits = /^\d{1,6}(?=[\s:,])/.exec(line)?.[0];
  if (digits === undefined) return undefined;
  const rest = line.slice(digits.length).trimStart();
  const name = (/^[:,]/.test(rest) ? rest.slice(1) : rest).trim();
  return name === "" ? undefined : [Number(digits), name];
}

/** A list of names, or an object between names and indices in either direction. */
export function fromValue(value: unknown): ClassList {
  if (Array.isArray(value)) return fromList(value);
  if (typeof value !== "object" || value === null) return { fault: expectedForms };
  return fromEntries(Object.entries(value));
}

const expectedForms = "holds neither a list of names, nor names by index, nor indices by name";

function fromList(values: readonly unknown[]): ClassList {
  if (values.length > MAX_CLASSES) return { fault: tooMany };
  const isName = (value: unknown) => typeof value === "string" || Number.isSafeInteger(value);
  return values.every(isName) ? { names: values.map(String) } : { fault: expectedForms };
}

/** Where keys and values are numbers alike, the values are the indices: folders may be named by numbers. */
export function fromEntries(entries: readonly (readonly [string, unknown])[]): ClassList {
  if (entries.length > MAX_CLASSES) return { fault: tooMany };
  if (entries.every(([, value]) => Number.isSafeInteger(value)))
    return placedNames(entries.map(([name, index]) => [Number(index), name]));
  const isIndexed = entries.every(([key, value]) => /^\d{1,6}$/.test(key) && typeof value === "string");
  return isIndexed
    ? placedNames(entries.map(([index, name]) => [Number(index), String(name)]))
    : { fault: expectedForms };
}

/** Names at the places that their numbers say, which are 0 to n - 1. */
function placedNames(pairs: readonly (readonly [number, string])[]): ClassList {
  const names = new Map(pairs);
  const missing = pairs.findIndex((_, index) => !names.has(index));
  if (missing < 0) return { names: pairs.map((_, index) => names.get(index)!) };
  if (missing === 0 && pairs.every((_, index) => names.has(index + 1)))
    return { fault: `numbers the classes from 1 to ${pairs.length}, expected from 0` };
  return { fault: `gives no class the number ${missing}, expected 0 to ${pairs.length - 1}` };
}

/** The list itself, if every class has a name of its own. */
export function checked(list: ClassList): ClassList {
  if ("fault" in list) return list;
  const { names } = list;
  if (names.length > MAX_CLASSES) return { fault: tooMany };
  const empty = names.findIndex((name) => name.trim() === "");
  if (empty >= 0) return { fault: `gives class ${empty} no name` };
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return { fault: `names the class "${name}" twice` };
    seen.add(name);
  }
  return names.length === 0 ? { fault: "is empty, expected class names" } : list;
}

const tooMany = `lists more classes than the ${MAX_CLASSES} that are supported`;
