import { expect, test } from "vitest";
import { type PlanExit, planSchema } from "../model/plan.ts";
import { planFile, planText } from "./plan-file.ts";

const even: PlanExit = { cutPoint: "a", head: "linear", policy: "top1", threshold: 0.75 };
const perClass: PlanExit = { ...even, cutPoint: "b", policy: "top1-per-class" };

test("a plan file states the threshold of every class where the policy has such", () => {
  // Odds 3 to 1, a third of them and three times as many.
  const offsets = Float32Array.of(0, Math.log(3), -Math.log(3));
  const plan = planFile("abc", { exits: [even, perClass], cut: "c" }, ({ policy }) =>
    policy === "top1" ? undefined : offsets,
  );
  expect(plan).toMatchObject({ format: "offramp-plan", version: 1, backboneSha256: "abc", cut: "c" });
  expect(plan.exits[0]).toEqual(even);
  expect(plan.exits[1]).toMatchObject(perClass);
  const { classThresholds } = plan.exits[1];
  [0.75, 0.5, 0.9].forEach((threshold, index) => {
    expect(classThresholds![index]).toBeCloseTo(threshold, 6);
  });
  expect(classThresholds).toHaveLength(3);
});

test("its text reads back as it, and what was stated before is stated anew", () => {
  const plan = planFile("abc", { exits: [{ ...even, classThresholds: [0.1] } as PlanExit] });
  expect(plan.exits).toEqual([even]);
  expect(planText(plan)).toMatch(/^\{\n {2}"format": "offramp-plan",\n[\s\S]*\}\n$/);
  expect(planSchema.parse(JSON.parse(planText(plan)))).toEqual({ ...plan, cut: undefined });
});
