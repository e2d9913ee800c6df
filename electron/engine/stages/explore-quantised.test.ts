import { expect, test } from "vitest";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { frontFile } from "../../../shared/presentation/testing/test-plans.ts";
import { untrainedHeads } from "../heads/head.ts";
import { headKinds } from "../heads/index.ts";
import { importProto } from "../onnx/testing/test-backbone.ts";
import { residualNet } from "../onnx/testing/test-graphs.ts";
import { quantisable, quantisedModel } from "../quantise/quantise-model.ts";
import type { ValueRange } from "../quantise/quantise-numbers.ts";
import { headsOnInt8, int8UseCase } from "./explore-quantised.ts";

test("each head reads what its cut point is after the bytes, and one whose cut point is gone is left out", async () => {
  const backbone = await importProto(residualNet(3));
  const prepared = quantisable(backbone);
  const ranges = new Map(
    [...prepared.plan.activations].map((tensor): [string, ValueRange] => [tensor, [0, 8]]),
  );
  const int8 = await importProto(quantisedModel(prepared, ranges));
  const [kind] = headKinds;
  const heads = untrainedHeads(backbone, [{ kind, options: { hidden: 8 } }]);
  expect(heads.length).toBeGreaterThan(1);
  const moved = headsOnInt8(heads, int8);
  expect(moved.map(({ cutPoint }) => cutPoint)).toEqual(heads.map(({ cutPoint }) => `${cutPoint}/real`));
  expect(moved.map(({ cutPoint }) => cutPoint)).toEqual(int8.summary.cutPoints.map(({ tensor }) => tensor));
  expect(moved[0].model).toBe(heads[0].model);
  expect(headsOnInt8([{ ...heads[0], cutPoint: "elsewhere" }], int8)).toEqual([]);
});

test("the drop counts from the float backbone: a floor for the accuracy", () => {
  const { backbone } = frontFile();
  const floorOf = (useCase: Partial<UseCase>) =>
    int8UseCase({ useCase: { latency: "mean", ...useCase }, backbone: { ...backbone, accuracy: 0.9 } });
  expect(floorOf({ maxDropPp: 2, confidence: 0.95, maxBytes: 7 })).toEqual({
    latency: "mean",
    maxBytes: 7,
    confidence: undefined,
    minAccuracy: expect.closeTo(0.88, 12),
  });
  // The stricter of both, and half a point where nothing is said of accuracy or speed.
  expect(floorOf({ maxDropPp: 2, minAccuracy: 0.89 }).minAccuracy).toBe(0.89);
  expect(floorOf({}).minAccuracy).toBeCloseTo(0.895, 12);
  expect(floorOf({ maxLatencyMs: 3 })).toEqual({ latency: "mean", maxLatencyMs: 3, confidence: undefined });
});
