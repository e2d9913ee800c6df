/** Coefficients of Lanczos' approximation with g = 7: relative error below 1e-14. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function, which is (x - 1)! where x is whole. */
export function logGamma(x: number): number {
  return logFactorial(x - 1);
}

/** Natural logarithm of n!. */
function logFactorial(n: number): number {
  let series = lanczos[0];
  for (let k = 1; k < lanczos.length; k++) series += lanczos[k] / (n + k);
  const shifted = n + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (n + 0.5) * Math.log(shifted) - shifted + Math.log(series);
}

/** Natural logarithm of the number of ways to choose k of n things. */
export function logWays(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Probability that exactly `successes` of `trials` succeed, each with probability `share`. */
export function binomialMass(successes: number, trials: number, share: number): number {
  if (share <= 0) return successes === 0 ? 1 : 0;
  if (share >= 1) return successes === trials ? 1 : 0;
  const failures = trials - successes;
  return Math.exp(logWays(trials, successes) + successes * Math.log(share) + failures * Math.log1p(-share));
}

/** Terms below this share of their sum no longer change it. */
const NEGLIGIBLE = 1e-16;

/** Probability that at most `successes` of `trials` succeed, each with probability `share`. */
export function binomialTail(successes: number, trials: number, share: number): number {
  if (successes < 0) return 0;
  if (successes >= trials || share <= 0) return 1;
  if (share >= 1) return 0;
  // Sums the shorter side, outwards from the middle.
  return successes <= trials * share
    ? sumDown(successes, trials, share)
    : 1 - sumDown(trials - successes - 1, trials, 1 - share);
}

function sumDown(successes: number, trials: number, share: number): number {
  const odds = (1 - share) / share;
  let term = binomialMass(successes, trials, share);
  let sum = term;
  for (let k = successes; k > 0 && term > NEGLIGIBLE * sum; k--) {
    term *= (k * odds) / (trials - k + 1);
    sum += term;
  }
  return sum;
}

/**
 * Exact two-sided interval of a share: outside of it with probability `level` at the most, half on each side.
 * @see Clopper and Pearson 1934, doi:10.1093/biomet/26.4.404
 */
export function exactShareInterval(successes: number, trials: number, level: number): [number, number] {
  return [1 - upperLimit(trials - successes, trials, level / 2), upperLimit(successes, trials, level / 2)];
}

/** The largest share under which so few successes are as probable as `level`. */
function upperLimit(successes: number, trials: number, level: number): number {
  let low = successes / trials;
  let high = 1;
  while (high - low > 1e-12) {
    const middle = (low + high) / 2;
    if (binomialTail(successes, trials, middle) > level) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * How probable it is that one of two groups has so many successes or more, if both have the same share of them: Fisher's
 * exact test, one-sided. Given all successes, those of the first group are hypergeometric.
 * @see Fisher 1935, doi:10.2307/2342435
 */
export function exactShareExcess(
  [successes, trials]: readonly [number, number],
  [otherSuccesses, otherTrials]: readonly [number, number],
): number {
  const total = successes + otherSuccesses;
  const expected = (total * trials) / (trials + otherTrials);
  // Sums the shorter side: fewer in one group are more in the other.
  return successes >= expected
    ? hypergeometricTail(successes, trials, total, otherTrials)
    : 1 - hypergeometricTail(otherSuccesses + 1, otherTrials, total, trials);
}

/** Probability that a group has so many of `total` successes or more, from above the mode on. */
function hypergeometricTail(successes: number, trials: number, total: number, otherTrials: number): number {
  const most = Math.min(trials, total);
  if (successes > most) return 0;
  let term = Math.exp(
    logWays(trials, successes) +
      logWays(otherTrials, total - successes) -
      logWays(trials + otherTrials, total),
  );
  let sum = term;
  for (let k = successes; k < most && term > NEGLIGIBLE * sum; k++) {
    term *= ((total - k) * (trials - k)) / ((k + 1) * (otherTrials - total + k + 1));
    sum += term;
  }
  return Math.min(1, sum);
}
