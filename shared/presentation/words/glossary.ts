/** A word of the field, and what it means here. */
export interface GlossaryEntry {
  readonly term: string;
  readonly meaning: string;
  /** How it is found in texts, its other forms among it. */
  readonly pattern: string;
}

/** Words on screen that not everybody knows, in the order of the alphabet. */
export const glossary: readonly GlossaryEntry[] = [
  {
    term: "calibration",
    meaning:
      "Finding out how far a head's confidence can be trusted, on images that nothing has learnt from. They give its temperature, and thresholds are chosen on them.",
    pattern: "calibrat(?:ion|es?|ed|ing)",
  },
  {
    term: "corruption",
    meaning:
      "A way in which images get worse, such as noise or compression, at five severities from mild to harsh.",
    pattern: "corruptions?",
  },
  {
    term: "distillation",
    meaning:
      "Learning from another network's answers, not from the labels alone: an exit learns how sure the whole network is of each class.",
    pattern: "distillation",
  },
  {
    term: "ECE",
    meaning:
      "Expected calibration error: how far confidence and accuracy lie apart on average. With 0 an exit that is 90 % sure is right 90 times in 100.",
    pattern: "ECE",
  },
  {
    term: "gap",
    meaning:
      "How much better than the front that was found the best one can still be, at most, as a share of its hypervolume. A proven front has none.",
    pattern: "gap",
  },
  {
    term: "hypervolume",
    meaning:
      "The area of accuracy and latency that a front covers, seen from one fixed point: one number by which fronts compare. More is better.",
    pattern: "hypervolume",
  },
  {
    term: "policy",
    meaning:
      "What of an exit's answer is compared with its threshold: the probability of the best class, its lead over the second, or how little they are spread (entropy).",
    pattern: "polic(?:y|ies)",
  },
  {
    term: "pp",
    meaning:
      "Percentage points, the difference of two percentages: from 93.2 % to 92.7 % right is a drop of 0.5 pp.",
    pattern: "pp",
  },
  {
    term: "temperature",
    meaning:
      "What an exit's scores are divided by, so that it is as sure as it is right. Above 1 it was too sure, 1 changes nothing.",
    pattern: "temperatures?",
  },
];

/** A piece of a text: plain, or a word of the glossary. */
export interface TextPiece {
  readonly text: string;
  readonly entry?: GlossaryEntry;
}

const anyTerm = new RegExp(`\\b(?:${glossary.map(({ pattern }) => `(${pattern})`).join("|")})\\b`, "gi");

/** Splits a text at the words of the glossary, each where it comes first. The pieces together are the text. */
export function withTerms(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  const told = new Set<GlossaryEntry>();
  let start = 0;
  for (const match of text.matchAll(anyTerm)) {
    const entry = glossary[match.slice(1).findIndex((group) => group !== undefined)];
    if (told.has(entry)) continue;
    told.add(entry);
    if (match.index > start) pieces.push({ text: text.slice(start, match.index) });
    pieces.push({ text: match[0], entry });
    start = match.index + match[0].length;
  }
  if (start < text.length) pieces.push({ text: text.slice(start) });
  return pieces;
}
