import { describe, expect, it } from "vitest";
import { type Robustness, robustnessSchema, type ShiftCondition } from "../../files/robustness.ts";
import type { PartitionedPlan } from "../../model/plan.ts";
import { robustnessChart } from "./robustness-chart.ts";
import { robustnessStatements } from "./robustness-statements.ts";
import { describeStale, type RobustnessSubject, staleParts } from "./robustness-subject.ts";
import { robustnessTable } from "./robustness-table.ts";
import { madeUpRobustness } from "./testing/made-up-robustness.ts";

const found = madeUpRobustness();

function said(robustness: Robustness, id: string): string | undefined {
  return robustnessStatements(robustness).find((statement) => statement.id === id)?.text;
}

function withPlans(change: (condition: ShiftCondition) => Partial<ShiftCondition["plan"]>): Robustness {
  const conditions = found.conditions.map((condition) => ({
    ...condition,
    plan: { ...condition.plan, ...change(condition) },
  }));
  return { ...found, conditions };
}

describe("the table", () => {
  it("has a row for each corruption and severity, the images as they are first", () => {
    const { head, rows } = robustnessTable(found);
    expect(rows.every((row) => row.length === head.length)).toBe(true);
    expect(rows[0]).toEqual([
      "As they are",
      "",
      "90.0 %",
      "89.0 %",
      "86.9 to 90.8",
      "1.00 pp ± 0.50",
      "60.0 %",
      "0.50 ms",
      "2.00x",
      "2 of 2",
      "1.000",
    ]);
    // Now the cheaper plan is the better one, so it alone is on the front, and the order is the other way round.
    expect(rows[2].slice(0, 3)).toEqual(["Contrast", "5", "50.0 %"]);
    expect(rows[2].slice(-2)).toEqual(["1 of 2", "-1.000"]);
  });

  it("says nothing of a front where none was tried", () => {
    const alone = { ...found, front: [], conditions: found.conditions.map((own) => ({ ...own, front: [] })) };
    expect(robustnessTable(alone).head).not.toContain("order kept");
    expect(said(alone, "front")).toBeUndefined();
  });
});

describe("what is said", () => {
  it("names the means, the worst drop and the slowest images", () => {
    // Contrast 1 and 5: (88 + 40) / 2 and (89 + 50) / 2; drops of 1 and 10.
    expect(said(found, "average")).toBe(
      "Over all corruptions the plan has 64.0 % of the images right, the backbone 69.5 %: 5.50 pp fewer; of images as they are 1.00 pp fewer.",
    );
    expect(said(found, "drop")).toContain("under contrast of severity 5: 10.00 pp ± 0.50");
    expect(said(found, "latency")).toBe(
      "The plan is slowest under contrast of severity 5: 0.80 ms on average (+60.0 %); 20.0 % of the images leave early, of those as they are 60.0 %.",
    );
  });

  it("says so where nothing gets worse", () => {
    const robust = withPlans(() => ({
      accuracyDropPp: 1,
      latencyMs: { mean: 0.5, p50: 0.5, p95: 0.5, worst: 0.5 },
    }));
    expect(said(robust, "drop")).toMatch(/^Under no corruption does the plan fall further behind/);
    expect(said(robust, "latency")).toBe("Under no corruption does the plan become slower.");
  });
});

it("draws a pair of plots for each corruption, in further rows where there is no room", () => {
  const titles = (width: number) =>
    robustnessChart(found, width).shapes.filter(
      ({ content }) => content === "Contrast" || content === "Brightness",
    );
  const [wide, narrow] = [960, 200].map((width) => titles(width).map(({ attributes }) => attributes.y));
  expect(new Set(wide).size).toBe(1);
  expect(new Set(narrow).size).toBe(2);
});

it("keeps to its file's schema", () => {
  expect(robustnessSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found);
});

describe("what it is of", () => {
  const subject = { plan: found.plan, target: found.profile, front: frontOf(found.front) };

  it("is what is looked at, wherever that is partitioned", () => {
    expect(staleParts(found, subject)).toEqual([]);
    const partitioned = { ...found.plan, cut: "block1" };
    const front = frontOf([found.front[0], { ...found.front[1], cut: "block1" }, found.front[1]]);
    expect(staleParts(found, { ...subject, plan: partitioned, front })).toEqual([]);
  });

  it("names what has changed since", () => {
    expect(staleParts(found, { ...subject, plan: found.front[0] })).toEqual([
      "another plan than the live one",
    ]);
    expect(staleParts(found, { ...subject, target: undefined })).toEqual(["another target"]);
    const all = staleParts(found, { plan: found.front[0], target: "another", front: null });
    expect(describeStale(all)).toBe(
      "Out of date: of another plan than the live one, another target and another front.",
    );
    for (const front of [null, frontOf([found.plan]), frontOf([found.plan, found.front[0]])])
      expect(staleParts(found, { ...subject, front })).toEqual(["another front"]);
  });
});

/** What of a front counts here. */
function frontOf(plans: readonly PartitionedPlan[]): RobustnessSubject["front"] {
  return { searches: [{ front: plans }] };
}
