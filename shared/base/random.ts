/** A seeded generator of numbers in [0, 1). Passed in wherever chance is needed; nothing uses Math.random. */
export type Random = () => number;

/**
 * sfc32, seeded by splitmix32: small, fast, passes PractRand.
 * @param seed any integer; the same seed gives the same sequence on every machine
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const split = () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = split();
  let b = split();
  let c = split();
  let counter = 1;
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 4294967296;
  };
}

/** An integer in [0, bound). */
export function randomInteger(random: Random, bound: number): number {
  return Math.floor(random() * bound);
}

/**
 * Fisher-Yates, in place.
 * @param last how many items at the end to draw at random, all unless said otherwise
 */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  items: T,
  random: Random,
  last = items.length,
): T {
  for (let i = items.length - 1; i > 0 && i >= items.length - last; i--) {
    const j = randomInteger(random, i + 1);
    const swap = items[i];
    items[i] = items[j];
    items[j] = swap;
  }
  return items;
}

/** A draw from the standard normal distribution (Box-Muller). */
export function randomNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
