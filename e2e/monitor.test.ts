import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { assetPath } from "../electron/engine/index.ts";
import { evaluatePlan } from "../shared/evaluate/evaluate-plan.ts";
import { fieldReportSchema } from "../shared/field/field-report.ts";
import { planSchema } from "../shared/model/plan.ts";
import { statementSchema } from "../shared/model/statement.ts";
import { fromPlanExits } from "../shared/space/plan-exits.ts";
import { expectRefusal, offramp, offrampJson, ownFolder, readJson } from "./testing/command-line.ts";
import { countedOn, countsFile, openSampleField, type SampleField } from "./testing/sample-field.ts";

const { path, write } = ownFolder();
const monitoredSchema = fieldReportSchema.extend({ verdict: z.array(statementSchema) });
const sample = assetPath("samples", "fashion-mnist", "explored.offramp");

let field: SampleField;

beforeAll(async () => {
  field = await openSampleField(sample);
});

test("counts of test images look like calibration", async () => {
  const { plan, usual } = field;
  const file = await write("usual.json", countsFile(plan, countedOn(usual, plan)));
  const { code, stdout } = await offramp(["monitor", file, "--project", sample]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^exit +cut point +leave here +on calibration/);
  expect(stdout).toMatch(/\n✓ The field looks like calibration/);
  expect(stdout).toMatch(/\n· There is no reason to change the thresholds\.\n/);
});

test("those mostly of tops don't; what they take is foretold, and new thresholds hold the budget", async () => {
  const { plan, mostlyTops } = field;
  const file = await write("tops.json", countsFile(plan, countedOn(mostlyTops, plan)));
  const out = path("plan.json");
  const report = await offrampJson(["monitor", file, "--project", sample, "-o", out], monitoredSchema);
  const { isShifted, latency, estimate, refitted, verdict } = report;
  expect(isShifted).toBe(true);
  expect(verdict.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["field", "exitRates", "latency", "accuracy", "thresholds"]),
  );
  const there = evaluatePlan(mostlyTops, fromPlanExits(mostlyTops, plan.exits));
  expect(latency.fieldMs).toBeCloseTo(there.latencyMs.mean, 9);
  expect(Math.abs(estimate!.accuracy - there.accuracy)).toBeLessThan(0.015);
  expect(estimate!.calibrationAccuracy - there.accuracy).toBeGreaterThan(0.02);
  const written = await readJson(out, planSchema);
  expect(written.exits.map(({ threshold }) => threshold)).toEqual(
    refitted!.exits.map(({ threshold }) => threshold),
  );
  const own = evaluatePlan(mostlyTops, fromPlanExits(mostlyTops, written.exits));
  expect(own.latencyMs.mean / latency.calibrationMs).toBeGreaterThan(0.95);
  expect(own.latencyMs.mean / latency.calibrationMs).toBeLessThan(1.03);
  const exported = await offramp(["export", sample, "--plan", out, "--format", "staged", "-o", path("new")]);
  expect(exported.code, exported.stderr).toBe(0);
});

test("counts that don't add up are refused before the project is opened", async () => {
  const { plan, usual } = field;
  const file = await write("damaged.json", countsFile(plan, { ...countedOn(usual, plan), inputs: 5 }));
  await expectRefusal(["monitor", file, "--project", sample], {
    says: /is no Offramp file of field counts of version 1 to 1, or is damaged; runners write them with --counts/,
  });
});
