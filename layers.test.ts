import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { brokenRules, circles, drawLayers, readImports } from "./docs/layers.mjs";

const imports = readImports();

it("no file imports upwards, across houses, or a package that is another's", () => {
  expect(imports.size).toBeGreaterThan(500);
  expect(brokenRules(imports)).toEqual([]);
});

it("no files import each other in a circle, not for types either", () => {
  expect(circles(imports)).toEqual([]);
});

it("the picture in docs is what the imports draw; `npm run layers` draws it anew", () => {
  expect(drawLayers(imports)).toBe(readFileSync(new URL("docs/layers.svg", import.meta.url), "utf8"));
});

it("finds what it is there to find", () => {
  const found = new Map([
    ["shared/base/job.ts", ["shared/model/plan.ts"]],
    ["shared/model/plan.ts", ["shared/base/job.ts", "onnxruntime-node", "zod"]],
    ["shared/evaluate/sweep.ts", ["shared/evaluate/kernel/kernel-module.ts"]],
    ["shared/evaluate/kernel/kernel-module.ts", []],
    ["shared/attic/old.ts", ["shared/base/job.ts"]],
    ["electron/engine/index.ts", []],
    ["electron/engine/base/cache.ts", []],
    ["electron/cli/offramp.ts", ["electron/engine/index.ts", "electron/engine/base/cache.ts"]],
    ["electron/main/main.ts", ["electron/engine/index.ts", "electron"]],
    ["renderer/plans/PlansTable.tsx", ["renderer/chart/ParetoChart.tsx", "react"]],
    ["renderer/chart/ParetoChart.tsx", []],
  ]);
  expect(brokenRules(found)).toEqual([
    "shared/base/job.ts imports shared/model/plan.ts: shared/model stands above shared/base",
    "shared/model/plan.ts imports onnxruntime-node: only electron/engine/onnx/runtime.ts may",
    "shared/evaluate/sweep.ts imports shared/evaluate/kernel/kernel-module.ts: shared/evaluate/kernel stands above shared/evaluate/.",
    "shared/attic/old.ts imports shared/base/job.ts: shared/attic is on no floor, see docs/layers.mjs",
    "electron/cli/offramp.ts imports electron/engine/base/cache.ts: electron/cli enters electron/engine by electron/engine/index.ts alone",
    "electron/main/main.ts imports electron/engine/index.ts: electron/main and electron/engine don't know each other",
    "renderer/plans/PlansTable.tsx imports renderer/chart/ParetoChart.tsx: renderer/plans and renderer/chart don't know each other",
  ]);
  expect(circles(found)).toEqual([["shared/base/job.ts", "shared/model/plan.ts"]]);
  expect(drawLayers(found).match(/class="up"/g)).toHaveLength(1);
});
