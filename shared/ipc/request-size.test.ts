import { expect, it } from "vitest";
import { maxRequestBytes, maxRequestDepth, maxRequestValues, refuseLarge } from "./request-size.ts";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

const circle: { self?: unknown } = {};
circle.self = circle;

it.each<[string, unknown]>([
  ["a text of 200 MB", "x".repeat(100 * 2 ** 20)],
  ["200 MB of bytes, deep inside", { content: { of: [new Uint8Array(200 * 2 ** 20)] } }],
  ["a small view on much", new Uint8Array(65 * 2 ** 20).subarray(0, 1)],
  ["many texts", { texts: Array.from({ length: 100 }, () => "y".repeat(2 ** 20)) }],
  ["long keys", { ["k".repeat(33 * 2 ** 20)]: 1 }],
  ["many small values", new Array(maxRequestValues).fill(0)],
  ["many in many", Array.from({ length: 600 }, () => new Array(600).fill(null))],
  ["many keys", Object.fromEntries(Array.from({ length: maxRequestValues / 2 }, (_, key) => [key, 0]))],
  ["an array of holes", new Array(4_000_000_000)],
  ["many levels", nested(maxRequestDepth + 1)],
  ["a circle", circle],
])("refuses %s", (_, request) => {
  expect(() => refuseLarge(request)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringMatching(/too large/) }),
  );
});

it("refuses what is no plain data, whose size can't be told", () => {
  for (const request of [new Map([[1, "x"]]), { set: new Set([1]) }, new Error("x"), { many: 1n }])
    expect(() => refuseLarge(request)).toThrow(/no plain data/);
});

it("lets through what the window may ask", () => {
  for (const request of [
    undefined,
    "text",
    { path: "/a", nothing: null, list: [1, true] },
    { content: new Uint8Array(maxRequestBytes - 1000) },
    {
      names: Array.from({ length: 65_536 }, (_, index) => `class ${index}`),
      weights: new Array(65_536).fill(1),
    },
    nested(maxRequestDepth),
    Object.assign(Object.create(null), { a: 1 }),
  ])
    refuseLarge(request);
});
