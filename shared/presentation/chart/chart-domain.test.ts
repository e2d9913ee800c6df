import { expect, test } from "vitest";
import { domainAround, domainOfAll, fittedDomain, including, isInDomain } from "./chart-domain.ts";

test("the domain keeps to what lies about the key points", () => {
  const key = [{ x: 2, y: 0.9 }];
  const near = { x: 0.5, y: 0.89 };
  // 0.03 below the best is the least range; 1.15 times the costliest key point is the end.
  const { x, y } = domainAround(key, [near, { x: 1, y: 0.5 }, { x: 2.31, y: 0.9 }], false);
  expect(x[0]).toBe(0);
  expect(x[1]).toBeCloseTo(2 + 0.06 * 1.5, 10);
  expect(y[0]).toBeCloseTo(0.89 - 0.06 * 0.01, 10);
  expect(y[1]).toBeCloseTo(0.9 + 0.06 * 0.01, 10);
});

test("a logarithmic domain has no zero, and one point alone has room about it", () => {
  expect(
    domainOfAll(
      [
        { x: 1, y: 0.9 },
        { x: 100, y: 0.8 },
      ],
      true,
    ).x[0],
  ).toBeCloseTo(100 ** -0.06, 10);
  const alone = domainOfAll([{ x: 2, y: 0.9 }], true);
  expect(alone.x[0]).toBeLessThan(2);
  expect(alone.x[1]).toBeGreaterThan(2);
});

test("a domain reaches as far as the live plan", () => {
  const domain = { x: [0, 10], y: [0.8, 0.9] } as const;
  expect(including(domain, { x: 5, y: 0.85 })).toEqual(domain);
  const { x, y } = including(domain, { x: 12, y: 0.7 });
  expect(x).toEqual([0, 12.6]);
  expect(y[0]).toBeCloseTo(0.694, 12);
});

test("what fits is what is compared and the plan, or all there is", () => {
  const shown = { key: [{ x: 2, y: 0.9 }], others: [{ x: 1, y: 0.5 }], plan: { x: 1, y: 0.8 }, named: [] };
  const near = fittedDomain(shown, false, "front");
  // The one key place has 6 % of itself around it; the plan pulls the lower edge 6 % of that range further.
  expect(near.y[0]).toBeCloseTo(0.8 - 0.06 * 0.108, 10);
  expect(isInDomain(near, { x: 1, y: 0.5 })).toBe(false);
  expect(isInDomain(fittedDomain(shown, false, "all"), { x: 1, y: 0.5 })).toBe(true);
});

test("what beats the plan is in view, however far off; what doesn't needn't be", () => {
  const shown = {
    key: [{ x: 2, y: 0.9 }],
    others: [],
    plan: { x: 1.9, y: 0.9 },
    named: [{ x: 0.2, y: 0.95 }],
  };
  const { x, y } = fittedDomain(shown, false, "front");
  // Around 2 alone: 1.88 to 2.12 and 0.846 to 0.954; the network lies 6 % of that within the new edge.
  expect(x[0]).toBeCloseTo(0.2 - 0.06 * 0.24, 10);
  expect(y[1]).toBeCloseTo(0.954, 10);
  const slower = { x: 0.2, y: 0.7 };
  expect(isInDomain(fittedDomain({ ...shown, named: [slower] }, false, "front"), slower)).toBe(false);
  expect(isInDomain(fittedDomain({ ...shown, named: [slower] }, false, "all"), slower)).toBe(true);
  const better = fittedDomain({ ...shown, named: [], others: [{ x: 1, y: 0.97 }] }, false, "front");
  expect(isInDomain(better, { x: 1, y: 0.97 })).toBe(true);
});

test("on a logarithmic axis a domain reaches by factors, never to zero", () => {
  const { x } = including({ x: [1, 100], y: [0, 1] }, { x: 0.001, y: 0.5 }, true);
  expect(x).toEqual([0.001 / 100 ** 0.06, 100]);
});

test("latencies that lie close together get a range of their own", () => {
  const { x } = domainOfAll(
    [
      { x: 1, y: 0.93 },
      { x: 0.9, y: 0.92 },
    ],
    false,
  );
  expect(x[0]).toBeCloseTo(0.894, 9);
  expect(x[1]).toBeCloseTo(1.006, 9);
});
