import { expect, test } from "vitest";
import { verified } from "../testing/test-verified.ts";
import { verifiedPoints } from "./verified-points.ts";

test("each point stands below the plan's own thresholds with what was predicted of it and measured", () => {
  const fast = verified({ decisionAgreement: 1 });
  const rows = verifiedPoints(verified(), [{ name: "fast", verification: fast }]);
  expect(rows.map(({ name, agreement }) => [name, agreement])).toEqual([
    ["own thresholds", "99.94 %"],
    ["fast", "100.00 %"],
  ]);
  const [{ accuracy, meanLatency }] = rows;
  expect([accuracy.predicted?.text, accuracy.measured?.text]).toEqual(["93.2 %", "93.2 %"]);
  expect([meanLatency.predicted?.text, meanLatency.measured?.text]).toEqual(["0.60 ms", "0.62 ms"]);
});
