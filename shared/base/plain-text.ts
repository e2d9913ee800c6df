/**
 * Control characters, those that turn or hide the text around them ("Trojan Source", arXiv 2111.00169), other line
 * ends than \n, and halves of a character. Joiners stay: scripts and emoji need them.
 */
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** A text out of a file as it may be shown: what can't be seen or moves its neighbours is made visible. */
export function plainText(text: string): string {
  return text.replace(unseen, visible);
}

/** The same of a text that may have several lines, or too many: they become one. */
export function oneLine(text: string): string {
  const lines = shortenMiddle(text, longestMessage)
    .split("\n")
    .map((line) => line.trim());
  return plainText(lines.filter((line) => line !== "").join(" "));
}

/** Longer than any path; what is longer still is no text for people. */
export const longestText = 5000;

/** The same of a text whose lines are ours to keep, cut where it is no text any more. */
export function plainLines(text: string): string {
  const lines = shortenMiddle(text, longestText).split("\n");
  return lines.length === 1 ? plainText(lines[0]) : lines.map(plainText).join("\n");
}

/** ESC as its picture ␛, others as JSON escapes them: \u202e. */
function visible(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  return escaped(character);
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}

/** JSON that says the same and holds nothing that a terminal or a viewer acts upon. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value).replace(unseen, escaped);
}

/** A text of at most so many characters, its middle given up for an ellipsis: paths and names differ at both ends. */
export function shortenMiddle(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const kept = Math.max(0, maxLength - 1);
  const start = text.slice(0, Math.ceil(kept / 2)).replace(/[\ud800-\udbff]$/, "");
  const end = kept < 2 ? "" : text.slice(-Math.floor(kept / 2)).replace(/^[\udc00-\udfff]/, "");
  return `${start}…${end}`;
}

/** More of a message is no help to anybody. */
const longestMessage = 20_000;

/** Room for a message: with the program's name before it, 300 characters. */
export const messageLength = 290;

/**
 * A message in one line of bounded length. Names and paths in it are shortened first, so that what is wrong and what to do
 * about it stay.
 * @param names that stand in it, whatever they hold; words without a space are found unnamed
 */
export function boundMessage(message: string, names: readonly string[] = []): string {
  const whole = oneLine(message);
  const plainNames = names.map(oneLine);
  const texts = [Number.POSITIVE_INFINITY, 80, 40].map((longest) => shortenNames(whole, plainNames, longest));
  return texts.find(({ length }) => length <= messageLength) ?? shortenMiddle(texts.at(-1)!, messageLength);
}

function shortenNames(text: string, names: readonly string[], longest: number): string {
  const long = names.filter(({ length }) => length > longest);
  return long
    .reduce((shorter, name) => shorter.replaceAll(name, () => shortenMiddle(name, longest)), text)
    .replace(/\S+/g, (word) => shortenMiddle(word, longest));
}
