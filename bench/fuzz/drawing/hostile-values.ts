import type { Random } from "../../../shared/base/random.ts";
import { pick } from "./draw.ts";

/** Names and numbers that people don't give, but files may. */

const names = [
  "",
  " ",
  ".",
  "..",
  "../canary.bin",
  "canary.bin",
  "/proc/self/cwd/canary.bin",
  "/dev/zero",
  "\\\\host\\share\\canary.bin",
  "//host/share/canary.bin",
  "C:\\canary.bin",
  "file:///dev/zero",
  "\u001b[2J\u001b[31mred",
  "first line\nofframp: all is well",
  "\r\u001b[Kofframp: all is well",
  "\u0007\u0008\u009b31m",
  "\u202Egnp.exe",
  "\u2066left\u2069",
  "next\u2028line",
  "zero\u0000byte",
  "\ud800",
  "constructor",
  "__proto__",
  "toString",
  "hasOwnProperty",
  "NaN",
  "<img src=x onerror=alert(1)>",
  "=1+1",
  "%s%n%d",
  "{{name}}",
  "CON",
  "e\u0301",
  "\u{1f525}".repeat(100),
  "long".repeat(2500),
];

export function hostileName(random: Random): string {
  return pick(random, names);
}

const integers = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  17n,
  255n,
  65_536n,
  10_000_000n,
  2n ** 31n - 1n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 32n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];

/** Fits 64 bits. */
export function hostileInteger(random: Random): bigint {
  return pick(random, integers);
}

/** One that a number holds exactly. */
export function hostileSafeInteger(random: Random): number {
  return Number(
    pick(
      random,
      integers.filter((value) => value <= 2n ** 53n && value >= -(2n ** 53n)),
    ),
  );
}

/** Fits 32 bits. */
export function hostileSmallInteger(random: Random): number {
  return Number(BigInt.asIntN(32, hostileInteger(random)));
}

const numbers = [0, -0, 1, -1, 0.5, 1e-320, 1e-7, 2, 1e9, 1e38, 1e308, -1e308, 2 ** 53];

/** Of 32 bits, as ONNX has them. */
export function hostileFloat(random: Random): number {
  return Math.fround(hostileNumber(random));
}

export function hostileNumber(random: Random): number {
  return pick(random, [...numbers, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
}

/** What JSON can hold: `1e999` is read as infinity. */
export function hostileFiniteNumber(random: Random): number {
  return pick(random, numbers);
}
