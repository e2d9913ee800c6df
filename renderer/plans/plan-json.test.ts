import { expect, test } from "vitest";
import { planSchema } from "../../shared/model/plan.ts";
import { exit } from "../../shared/presentation/testing/test-plans.ts";
import { planJson } from "./plan-json.ts";

test("a copied plan reads back as plan.json", () => {
  const plan = planSchema.parse(JSON.parse(planJson("abc", [exit("a", 0.75)], "b")));
  expect(plan).toMatchObject({
    backboneSha256: "abc",
    cut: "b",
    exits: [{ cutPoint: "a", threshold: 0.75 }],
  });
});
