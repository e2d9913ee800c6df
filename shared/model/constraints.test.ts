import { describe, expect, it } from "vitest";
import { checkConstraints, constraints, units, withDefaultDrop } from "./constraints.ts";
import type { PlanFigures } from "./plan.ts";
import { constraintFieldSchema, useCaseSchema } from "./use-case.ts";

const figures: PlanFigures = {
  accuracy: 0.93,
  latencyMs: { mean: 0.48, p50: 0.3, p95: 1.2, worst: 1.6 },
  exitRates: [0.6, 0.4],
  macs: 1e6,
  bytes: 3e6,
};

/** What is wanted and got, in words, and whether that will do. */
function checked(useCase: object, backboneAccuracy = 0.936) {
  const judged = { figures, backboneAccuracy };
  return checkConstraints(useCaseSchema.parse(useCase), judged).map(
    ({ constraint: { field, unit }, wanted, got, isMet }) => {
      const { format, formatGap } = units[unit];
      return [
        field,
        format(wanted),
        format(got),
        isMet ? "met" : "missed",
        formatGap(Math.abs(got - wanted)),
      ];
    },
  );
}

describe("a use case", () => {
  it("is checked constraint by constraint, each in its own unit", () => {
    const limits = { latency: "p95", maxLatencyMs: 1, minAccuracy: 0.92, maxDropPp: 0.5, maxBytes: 4e6 };
    expect(checked(limits)).toEqual([
      ["maxDropPp", "0.50 pp", "0.60 pp", "missed", "0.10 pp"],
      ["minAccuracy", "92.00 %", "93.00 %", "met", "1.00 pp"],
      ["maxLatencyMs", "1.00 ms", "1.20 ms", "missed", "0.20 ms"],
      ["maxBytes", "4 MB", "3 MB", "met", "1 MB"],
    ]);
  });

  it("that wants neither accuracy nor speed accepts the default drop, which is met at the limit", () => {
    expect(checked({}, 0.935)).toEqual([["maxDropPp", "0.50 pp", "0.50 pp", "met", "0.00 pp"]]);
    expect(checked({ maxBytes: 1e6 }).map(([field]) => field)).toEqual(["maxDropPp", "maxBytes"]);
    expect(checked({ maxLatencyMs: 0.5 }, 0.95).map(([field]) => field)).toEqual(["maxLatencyMs"]);
    const confident = withDefaultDrop({ latency: "mean", maxLatencyMs: 0.5, confidence: 0.9 });
    expect(confident.maxDropPp).toBe(0.5);
    expect(withDefaultDrop({ latency: "mean", minAccuracy: 0.9 })).toEqual({
      latency: "mean",
      minAccuracy: 0.9,
    });
  });

  it("exceeds a limit by a share of it, or by what it attains where nothing was allowed", () => {
    const excess = (useCase: object) =>
      checkConstraints(useCaseSchema.parse(useCase), { figures, backboneAccuracy: 0.94 })[0].excess;
    expect(excess({ maxLatencyMs: 0.4 })).toBeCloseTo(0.2, 12);
    expect(excess({ minAccuracy: 0.95 })).toBeCloseTo(0.02 / 0.95, 12);
    // The floor is 0.94 - 0.005.
    expect(excess({ maxDropPp: 0.5 })).toBeCloseTo(0.005 / 0.935, 12);
  });
});

describe.each(constraints)("$field", ({ field, unit, range }) => {
  it("has a flag of its own, and a range that reads as it was typed", () => {
    expect(new Set(constraints.map(({ flag }) => flag)).size).toBe(constraints.length);
    expect(constraintFieldSchema.options).toContain(field);
    const { read, show } = units[unit];
    for (const end of range) expect(read(show(end))).toBe(end);
    for (const end of range.filter(Number.isFinite))
      expect(useCaseSchema.safeParse({ [field]: end }).success).toBe(true);
  });
});

it("every field that is a constraint is in the list once", () => {
  expect(constraints.map(({ field }) => field).sort()).toEqual(constraintFieldSchema.options.toSorted());
});
