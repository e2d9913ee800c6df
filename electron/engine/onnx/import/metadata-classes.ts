import {
  type ClassList,
  checked,
  fromEntries,
  fromLines,
  fromValue,
} from "../../../../shared/model/class-list.ts";
import type { GraphModel } from "../graph-model.ts";

/** Class names that a model carries in its metadata. */
export interface MetadataClasses {
  readonly key: string;
  readonly names: readonly string[];
}

/** Keys under which exporters leave class names, the most telling first. */
const keys = [
  "names",
  "class_names",
  "classnames",
  "classes",
  "labels",
  "label_names",
  "id2label",
  "label2id",
  "class_to_idx",
];

/** Characters of a value that are looked at: 65 536 names of 64 characters. */
const longestValue = 4 * 2 ** 20;

/** Values of one key that are looked at. */
const mostEntries = 10;

/**
 * Every list of class names in a model's `metadata_props`, in whichever form: JSON, Python literals such as ultralytics'
 * `{0: 'cat', 1: 'dog'}`, lines, or names separated by commas. What can't be one is skipped: metadata may hold anything.
 */
export function metadataClasses({ metadataProps }: Pick<GraphModel, "metadataProps">): MetadataClasses[] {
  return keys.flatMap((key) =>
    metadataProps
      .filter((entry) => entry.key.toLowerCase() === key && entry.value.length <= longestValue)
      .slice(0, mostEntries)
      .flatMap((entry) => {
        const list = checked(parseValue(entry.value.trim()));
        return "names" in list && list.names.length > 1 ? [{ key: entry.key, names: list.names }] : [];
      }),
  );
}

function parseValue(text: string): ClassList {
  if (/^[[({]/.test(text)) return parseJson(text) ?? parsePython(text);
  if (text.includes("\n")) return fromLines(text.split(/\r?\n/));
  return { names: text.split(",").map((name) => name.trim()) };
}

function parseJson(text: string): ClassList | undefined {
  try {
    return fromValue(JSON.parse(text));
  } catch {
    return undefined;
  }
}

const notPython: ClassList = { fault: "is no flat Python literal" };

/** A bracket, a separator, a whole number, or a string in either quotes. */
const token =
  /\s*(?:([[\](){}:,])|(\d{1,6})(?![\w.])|[uU]?'([^'\\]*(?:\\.[^'\\]*)*)'|[uU]?"([^"\\]*(?:\\.[^"\\]*)*)")/y;

type Token = { readonly mark: string } | { readonly value: number | string };

/** A list, tuple or dictionary of numbers and strings, as Python's `str` and `repr` write it. */
function parsePython(text: string): ClassList {
  const tokens = tokensOf(text);
  const closing = text[0] === "{" ? "}" : text[0] === "[" ? "]" : ")";
  if (tokens === undefined || !isMark(tokens.at(-1), closing)) return notPython;
  const inside = tokens.slice(1, -1);
  if (isMark(inside.at(-1), ",")) inside.pop();
  return closing === "}" ? dictionary(inside) : sequence(inside);
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    const match = token.exec(text);
    if (match === null) return undefined;
    const [, mark, number, single, double] = match;
    if (mark !== undefined) tokens.push({ mark });
    else tokens.push({ value: number === undefined ? unescaped(single ?? double) : Number(number) });
  }
  return tokens;
}

function unescaped(text: string): string {
  return text.replace(/\\(['"\\])/g, "$1");
}

function isMark(found: Token | undefined, mark: string): boolean {
  return found !== undefined && "mark" in found && found.mark === mark;
}

function sequence(tokens: readonly Token[]): ClassList {
  const fits = tokens.every((one, at) => (at % 2 === 0 ? "value" in one : isMark(one, ",")));
  return fits ? fromValue(tokens.flatMap((one) => ("value" in one ? [one.value] : []))) : notPython;
}

function dictionary(tokens: readonly Token[]): ClassList {
  const fits = tokens.every((one, at) =>
    at % 2 === 0 ? "value" in one : isMark(one, at % 4 === 1 ? ":" : ","),
  );
  const values = tokens.flatMap((one) => ("value" in one ? [one.value] : []));
  if (!fits || values.length % 2 === 1) return notPython;
  return fromEntries(
    Array.from({ length: values.length / 2 }, (_, at) => [String(values[2 * at]), values[2 * at + 1]]),
  );
}
