import fc from "fast-check";
import { expect, test } from "vitest";
import { createFrontArchive, nextAbove } from "./front-archive.ts";
import { paretoFront } from "./pareto-front.ts";

test("takes in what improves, drops what is beaten, keeps the first of equals", () => {
  const archive = createFrontArchive<string>(10);
  expect(archive.dominates(0, 1e9)).toBe(false);
  archive.offer(5, 3, "a");
  archive.offer(5, 3, "the same again");
  archive.offer(8, 7, "b");
  archive.offer(4, 5, "beaten by a");
  expect(archive.front()).toEqual([
    { right: 5, latencyMs: 3, plan: "a" },
    { right: 8, latencyMs: 7, plan: "b" },
  ]);
  archive.offer(10, 3, "beats both");
  archive.offer(0, 1, "c");
  expect(archive.front().map(({ plan }) => plan)).toEqual(["c", "beats both"]);
});

test("with a preference, what is held of equal plans does not depend on the order", () => {
  const offers = [
    [5, 3, "b"],
    [5, 3, "a"],
    [4, 3, "beaten"],
    [8, 7, "d"],
    [8, 7, "c"],
  ] as const;
  for (const order of [offers, [...offers].reverse()]) {
    const archive = createFrontArchive<string>(10, undefined, (plan, held) => plan < held);
    for (const [right, latencyMs, plan] of order) archive.offer(right, latencyMs, plan);
    expect(archive.front().map(({ plan }) => plan)).toEqual(["a", "c"]);
    expect([archive.dominates(5, 3), archive.dominates(5, nextAbove(3)), archive.dominates(4, 3)]).toEqual([
      false,
      true,
      true,
    ]);
    archive.offer(9, 3, "z");
    expect(archive.front()).toEqual([{ right: 9, latencyMs: 3, plan: "z" }]);
  }
});

test("dominated means: at least as right and at least as fast, equal included", () => {
  const archive = createFrontArchive<string>(10);
  archive.offer(5, 3, "a");
  expect(archive.dominates(5, 3)).toBe(true);
  expect(archive.dominates(4, 3.5)).toBe(true);
  expect(archive.dominates(6, 3.5)).toBe(false);
  expect(archive.dominates(4, 2.5)).toBe(false);
});

test.each([
  ["the first", undefined],
  ["the preferred", (plan: number, held: number) => plan < held],
])("holds the front of all that was offered, as sorting does; %s of equal plans", (_, prefers) => {
  const offers = fc.array(fc.record({ right: fc.nat(12), latencyMs: fc.nat(12) }), { maxLength: 40 });
  fc.assert(
    fc.property(offers, (points) => {
      const archive = createFrontArchive<number>(12, undefined, prefers);
      points.forEach(({ right, latencyMs }, index) => {
        archive.offer(right, latencyMs, index);
      });
      const sorted = paretoFront(
        points.map((point, plan) => ({ ...point, plan, accuracy: point.right / 12 })),
      );
      expect(archive.front()).toEqual(
        sorted.map(({ right, latencyMs, plan }) => ({ right, latencyMs, plan })),
      );
    }),
  );
});
