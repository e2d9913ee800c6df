import { expect, it } from "vitest";
import { planBounds } from "./plan-bounds.ts";
import { countEvidence } from "./plan-evidence.ts";

it("bounds the drop from above and the accuracy from below, the further the surer", () => {
  const backbone = Uint8Array.from({ length: 1000 }, (_, sample) => (sample < 940 ? 1 : 0));
  // Loses 15 of the backbone's right ones and gains 5.
  const plan = Uint8Array.from({ length: 1000 }, (_, sample) =>
    (sample >= 15 && sample < 940) || sample >= 995 ? 1 : 0,
  );
  const evidence = countEvidence(plan, backbone);
  expect(evidence).toEqual({ samples: 1000, right: 930, lost: 15, gained: 5 });
  const likely = planBounds(evidence, 0.9);
  const sure = planBounds(evidence, 0.99);
  expect(likely.dropPp).toBeGreaterThan(1);
  expect(sure.dropPp).toBeGreaterThan(likely.dropPp);
  expect(sure.dropPp).toBeLessThan(2.5);
  expect(likely.accuracy).toBeLessThan(0.93);
  expect(sure.accuracy).toBeLessThan(likely.accuracy);
  // All of 100 right: 0.1 = share^100.
  const all = new Uint8Array(100).fill(1);
  expect(planBounds(countEvidence(all, all), 0.9).accuracy).toBeCloseTo(0.1 ** 0.01, 9);
});
