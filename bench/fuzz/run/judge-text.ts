/** What people may be shown at most. */
export const longestMessage = 300;

/** Controls of terminals, line breaks, and characters that turn the direction of text or have no width of their own. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** @returns what is wrong with a text for people, if anything */
export function textFault(text: string): string | undefined {
  const found = unprintable.exec(text);
  if (found) return `holds U+${found[0].codePointAt(0)!.toString(16).padStart(4, "0")}`;
  if (text.length > longestMessage) return `is ${text.length} characters long`;
  return text.trim() === "" ? "is empty" : undefined;
}
