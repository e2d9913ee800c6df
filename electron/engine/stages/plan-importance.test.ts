import { expect, test } from "vitest";
import { bringsNothing } from "../../../shared/presentation/plans/exit-importance.ts";
import { makeProject } from "../project/testing/test-project.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { planImportance } from "./plan-importance.ts";

test("an exit that nobody takes costs its head, and brings nothing", async () => {
  const project = await makeProject();
  const inputs = searchInputs(project, "calibration", project.profiles[0]);
  const { recommended, useCase } = project.front!;
  const [{ without, lost }] = planImportance(inputs, recommended, useCase);
  expect(without.exits).toEqual([]);
  // The backbone takes 0.41 ms, and with the head that all pass 0.43.
  expect(lost!.accuracyPp).toBe(0);
  expect(lost!.meanMs).toBeCloseTo(-0.02, 9);
  expect(lost!.slowdown).toBeCloseTo(0.41 / 0.43, 9);
  expect(bringsNothing(lost!)).toBe(true);
});

test("of a plan that doesn't fit, and of one without exits, nothing is known", async () => {
  const project = await makeProject();
  const inputs = searchInputs(project, "calibration", project.profiles[0]);
  const [exit] = project.front!.recommended.exits;
  expect(planImportance(inputs, { exits: [{ ...exit, cutPoint: "elsewhere" }] }, {})).toEqual([]);
  expect(planImportance(inputs, { exits: [] }, {})).toEqual([]);
});
