import { plainText, shortenMiddle } from "./plain-text.ts";

const longestName = 80;
const longestOfMany = 60;

/** A name out of a file as it may be shown: what can't be seen is made visible, and a long one loses its middle. */
export function plainName(name: string, maxLength = longestName): string {
  return shortenMiddle(plainText(name), maxLength);
}

/** The first few of a list of names, as they may be shown: "cat, dog, emu, …". */
export function listNames(names: readonly string[], max = 5): string {
  const shown = names.slice(0, max).map((name) => plainName(name, longestOfMany));
  return [...shown, ...(names.length > max ? ["…"] : [])].join(", ");
}
