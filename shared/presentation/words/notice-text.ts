/** A notice's text: what is shown at once, and what its details add. Both together are the whole. */
export interface NoticeText {
  readonly short: string;
  readonly rest: string;
}

/** Characters that fit two lines of a notice. */
const shortLength = 130;
/** Less than this says too little. */
const leastLength = 40;

/** Shortens a text to its first sentences, else to its first clauses, else to its first words. */
export function noticeText(text: string): NoticeText {
  if (text.length <= shortLength) return { short: text, rest: "" };
  const end =
    lastEnd(text, /[.!?](?=\s)/g) ??
    lastEnd(text, /(?=[;:,]\s|\s\()/g) ??
    lastEnd(text, /(?=\s)/g) ??
    shortLength;
  return { short: text.slice(0, end), rest: text.slice(end) };
}

/** Where the last match ends that a short text may end with. */
function lastEnd(text: string, boundary: RegExp): number | undefined {
  const ends = [...text.matchAll(boundary)].map((match) => match.index + match[0].length);
  return ends.findLast((end) => end >= leastLength && end <= shortLength);
}
