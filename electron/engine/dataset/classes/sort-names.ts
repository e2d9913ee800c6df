/** Python's order of strings, which is that of their UTF-8 bytes. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The order in which people count: numbers within names by their value, "class9" before "class10". */
export function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.split(/(\d+)/));
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    // Every second part is a number.
    const order = at % 2 === 1 ? Number(left[at]) - Number(right[at]) : byCodePoint(left[at], right[at]);
    if (order !== 0) return order;
  }
  return left.length - right.length || byCodePoint(a, b);
}
