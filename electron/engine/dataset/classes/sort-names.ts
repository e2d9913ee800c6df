/** Python's order of strings, which is that of their UTF-8 bytes. */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [left, right] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Digits may be more than a number holds, so their count decides first. */
function byValue(a: string, b: string): number {
  const [left, right] = [a, b].map((digits) => digits.replace(/^0+/, ""));
  return left.length - right.length || byCodePoint(left, right);
}

/** Halves of characters beyond 0xffff go behind all others, though their codes are lower than some. */
function rank(code: number): number {
  if (code < 0xd800) return code;
  return code < 0xe000 ? code + 0x2000 : code - 0x800;
}

/** The order in which people count: numbers within names by their value, "class9" before "class10". */
export function byNumber(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.split(/(\d+)/));
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    // Every second part is a number.
    const order = at % 2 === 1 ? byValue(left[at], right[at]) : byCodePoint(left[at], right[at]);
    if (order !== 0) return order;
  }
  return left.length - right.length || byCodePoint(a, b);
}
