/** What JSON from a file may take. */
export interface JsonLimits {
  readonly bytes: number;
  /** Numbers, strings, arrays and objects, all together. */
  readonly values: number;
  /** Of arrays and objects in one another. */
  readonly depth: number;
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
/** `[` and `{`, `]` and `}`. */
const opening: readonly number[] = [0x5b, 0x7b];
const closing: readonly number[] = [0x5d, 0x7d];

/**
 * Finds out before JSON is parsed whether it takes more than it may: parsed, each of its values takes many times the bytes
 * that it has as text.
 * @returns what it has too much of, in words; undefined if it keeps to the limits
 */
export function jsonExcess(text: Uint8Array, { bytes, values, depth }: JsonLimits): string | undefined {
  if (text.length > bytes) return `${Math.ceil(text.length / 1e6)} MB of text, expected up to ${bytes / 1e6}`;
  let found = 1;
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at];
    if (byte === quote) at = endOfString(text, at + 1);
    else if (byte === comma) found++;
    else if (opening.includes(byte)) {
      found++;
      if (++open > depth) return `lists and objects more than ${depth} deep`;
    } else if (closing.includes(byte)) open--;
    if (found > values) return `more than ${values} values`;
  }
  return undefined;
}

/** @returns where the string's closing quote stands */
function endOfString(text: Uint8Array, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
  return at;
}
