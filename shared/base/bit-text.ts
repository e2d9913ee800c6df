/** Zeros and ones as hexadecimal text, four to a letter: small enough to stand in JSON. */
export function encodeBits(bits: ArrayLike<number>): string {
  let text = "";
  for (let start = 0; start < bits.length; start += 4) {
    let digit = 0;
    for (let at = start; at < start + 4; at++) digit = 2 * digit + (bits[at] ? 1 : 0);
    text += digit.toString(16);
  }
  return text;
}

/**
 * What {@link encodeBits} wrote.
 * @returns `count` bits, or undefined if the text holds another number of them
 */
export function decodeBits(text: string, count: number): Uint8Array | undefined {
  if (text.length !== Math.ceil(count / 4)) return undefined;
  return Uint8Array.from(
    { length: count },
    (_, at) => (Number.parseInt(text[at >> 2], 16) >> (3 - (at & 3))) & 1,
  );
}
