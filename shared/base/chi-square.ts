import { logGamma } from "./binomial.ts";

const negligible = 1e-15;

/**
 * Probability that a chi-square variable exceeds a value: the upper regularised gamma function Q(degrees / 2, value / 2), by
 * its series where that converges, else by Lentz' continued fraction.
 * @see Press et al. 2007, "Numerical Recipes", section 6.2
 */
export function chiSquareTail(value: number, degrees: number): number {
  if (value <= 0) return 1;
  // Neither series nor fraction would end.
  if (!(value < Number.POSITIVE_INFINITY)) return Number.isNaN(value) ? value : 0;
  const [shape, x] = [degrees / 2, value / 2];
  const front = Math.exp(shape * Math.log(x) - x - logGamma(shape));
  return x < shape + 1 ? 1 - front * series(shape, x) : front * fraction(shape, x);
}

/** Probability that a standard normal variable exceeds a value. */
export function normalTail(value: number): number {
  const beyond = chiSquareTail(value ** 2, 1) / 2;
  return value >= 0 ? beyond : 1 - beyond;
}

/** Quantiles beyond this many standard deviations are those of no probability that a double tells from 0 or 1. */
const outermost = 40;

/** The value that a standard normal variable stays below with this probability, 0-1. */
export function normalQuantile(probability: number): number {
  let low = -outermost;
  let high = outermost;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (1 - normalTail(middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}

function series(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let n = 1; term > negligible * sum; n++) {
    term *= x / (shape + n);
    sum += term;
  }
  return sum;
}

function fraction(shape: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let n = 1; ; n++) {
    const a = -n * (n - shape);
    b += 2;
    d = 1 / nonZero(a * d + b, tiny);
    c = nonZero(b + a / c, tiny);
    const factor = d * c;
    value *= factor;
    if (Math.abs(factor - 1) < negligible * 10) return value;
  }
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
