import { expect, test } from "vitest";
import { describeEnergy } from "./describe-energy.ts";

const backbone = { medianMs: 1, meanMs: 1, p5Ms: 1, p95Ms: 1, count: 1 };

test("an energy is said with its interval and its sensor, and why there is none", () => {
  const counted = { ...backbone, energyMillijoules: 6.5 };
  const energySensor = { name: "RAPL package-0" };
  expect(
    describeEnergy({ energySensor, backbone: { ...counted, energyIntervalMillijoules: [6.4, 6.6] } }),
  ).toBe("6.50 mJ ± 0.10 mJ a run of the backbone by RAPL package-0, what idles included");
  expect(describeEnergy({ energySensor, backbone: counted })).toBe(
    "6.50 mJ a run of the backbone by RAPL package-0, what idles included",
  );
  // Of a profile that was written by hand.
  expect(describeEnergy({ backbone: counted })).toBe("6.50 mJ a run of the backbone, what idles included");
  expect(describeEnergy({ backbone, energySensor: { none: "it was not wanted" } })).toBe(
    "not measured: it was not wanted",
  );
  expect(describeEnergy({ backbone })).toBe("not measured");
});
