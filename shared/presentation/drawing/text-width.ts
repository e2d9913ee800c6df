/** Height of a line of a drawing's text, px. */
export const lineHeight = 13;

/** Of a drawing's texts, px. */
const fontSize = 11.5;

/** Bold letters are so much wider. */
const strongFactor = 1.12;

/** Widths of letters by the em, of DejaVu Sans: a wide face, so that no other system's text is longer than reckoned. */
const narrow = /[iIjlf.,:;'|!()[\] ]/;
const wide = /[mwMW%→←↑↓↖↗↘↙≤≥…@]/;

/** About how wide a text in a drawing is, px; where nothing can be measured. */
export function textWidth(text: string, strong = false): number {
  let em = 0;
  for (const letter of text) em += narrow.test(letter) ? 0.33 : wide.test(letter) ? 0.93 : 0.62;
  return em * fontSize * (strong ? strongFactor : 1);
}
