const minus = "\u2212";

function fixed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? minus + text : text;
}

function signed(value: number, text: string): string {
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** @param share 0-1, as "93.2 %" */
export function formatPercent(share: number, decimals = 1): string {
  return `${fixed(100 * share, decimals)} %`;
}

/** Per cent with its sign, as "+4.2 %". @param percent 0-100 */
export function formatSignedPercent(percent: number): string {
  return signed(percent, `${fixed(percent, 1)} %`);
}

/** Percentage points, as "0.31 pp". */
export function formatPoints(points: number): string {
  return `${fixed(points, 2)} pp`;
}

/** Percentage points with their sign, as "+0.31 pp". */
export function formatSignedPoints(points: number): string {
  return signed(points, formatPoints(points));
}

/** Percentage points with their sign where columns say what they are, as "+0.3". */
export function formatBarePoints(points: number): string {
  return signed(points, fixed(points, 1));
}

/** Milliseconds to some three digits: "0.034 ms", "0.61 ms", "15.7 ms". */
export function formatMs(ms: number): string {
  return `${fixed(ms, msDecimals(ms))} ms`;
}

/** An energy in mJ, in the unit that suits it; one that is endless is one that nobody knows. */
export function formatEnergy(millijoules: number): string {
  if (millijoules === Number.POSITIVE_INFINITY) return "not known";
  const size = Math.abs(millijoules);
  if (size >= 999.5) return `${fixed(millijoules / 1000, msDecimals(millijoules / 1000))} J`;
  if (size > 0 && size < 0.0995)
    return `${fixed(1000 * millijoules, msDecimals(1000 * millijoules))} \u00b5J`;
  return `${fixed(millijoules, msDecimals(millijoules))} mJ`;
}

/** Low and high of an energy, each with its unit: they may differ. */
export function formatEnergyRange([low, high]: readonly [number, number]): string {
  return `${formatEnergy(low)} to ${formatEnergy(high)}`;
}

/** The same with its sign, as "+0.02 mJ". */
export function formatSignedEnergy(millijoules: number): string {
  return signed(millijoules, formatEnergy(millijoules));
}

/** Milliseconds with their sign, as "+0.02 ms". */
export function formatSignedMs(ms: number): string {
  return signed(ms, formatMs(ms));
}

function msDecimals(ms: number): number {
  const size = Math.abs(ms);
  if (size >= 100 || size === 0) return 0;
  if (size >= 9.995) return 1;
  return size >= 0.0995 ? 2 : 3;
}

/** A ratio, as "2.6x"; one more digit below 2, where it matters. */
export function formatFactor(factor: number): string {
  return `${fixed(factor, Math.abs(factor) < 2 ? 2 : 1)}x`;
}

/** A ratio beside its interval, as "3.52x". */
export function formatExactFactor(factor: number): string {
  return `${fixed(factor, 2)}x`;
}

/** Low and high in the digits of a figure, without its unit: "3.45 to 3.60". @param show a figure with its unit behind it */
export function formatRange([low, high]: readonly [number, number], show: (value: number) => string): string {
  return `${show(low).replace(/ ?[^\d]*$/, "")} to ${show(high).replace(/ ?[^\d]*$/, "")}`;
}

/** A whole number with its thousands apart: "10 000". */
export function formatCount(count: number): string {
  return fixed(count, 0).replace(/\B(?=(\d{3})+$)/g, " ");
}

/** A count of things: "1 cut point", "10 000 cut points". @param thing in the singular, whose plural takes an s */
export function formatCounted(count: number, thing: string): string {
  return `${formatCount(count)} ${thing}${count === 1 ? "" : "s"}`;
}

const prefixes = [
  { unit: 1e9, name: "G" },
  { unit: 1e6, name: "M" },
  { unit: 1e3, name: "k" },
] as const;

const million = 1e6;

/** A number to three digits with its SI prefix: "88.2 M"; below 1000 as it is, from a million million in words. */
export function formatQuantity(value: number): string {
  const millions = Math.abs(value) / million;
  if (millions >= million ** 2) return powerOfTen(value);
  if (millions >= million) return `${formatThreeDigits(value / million ** 2)} million million`;
  const prefix = prefixes.find(({ unit }) => Math.abs(value) >= unit);
  return prefix ? `${threeDigits(value / prefix.unit)} ${prefix.name}` : threeDigits(value);
}

/** "2.41 × 10^21": what nobody has words for. */
function powerOfTen(value: number): string {
  if (!Number.isFinite(value)) return "more than can be counted";
  const [digits, exponent] = value.toExponential(2).split("e+");
  return `${digits} × 10^${exponent}`;
}

function formatThreeDigits(value: number): string {
  return Math.abs(value) < 1000 ? threeDigits(value) : formatCount(Number(value.toPrecision(3)));
}

/** Bytes in decimal units: "3.42 MB". */
export function formatBytes(bytes: number): string {
  if (Math.abs(bytes) >= 1e12) return `${formatThreeDigits(bytes / 1e12)} TB`;
  const text = formatQuantity(bytes);
  return text.includes(" ") ? `${text}B` : `${text} B`;
}

function threeDigits(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1000) return fixed(value, 0);
  const size = Math.abs(value);
  if (size >= 99.95) return fixed(value, 0);
  return fixed(value, size >= 9.995 ? 1 : 2);
}

/** A duration: "0.42 s", "12.3 s", "3 min 20 s". */
export function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${fixed(seconds, seconds < 10 ? 2 : 1)} s`;
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes < 60
    ? `${minutes} min${rest > 0 ? ` ${rest} s` : ""}`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
