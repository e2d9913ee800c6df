import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeAll, expect, it } from "vitest";
import { cancelledError, silentJob } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import { preprocessSchema } from "../../../../shared/model/preprocess.ts";
import { trainOptionsSchema } from "../../../../shared/model/stage-options.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeNpz } from "../../base/npz.ts";
import { gapLinear } from "../../heads/gap-linear.ts";
import type { HeadKind } from "../../heads/head-kind.ts";
import { mixedLinear } from "../../heads/mixed-linear.ts";
import type { Backbone } from "../../onnx/backbone.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { residualNet, TestGraph } from "../../onnx/testing/test-graphs.ts";
import { type LoadedData, loadData } from "../load-data.ts";
import { cutsOf, TimeBudget, type Wanted } from "./time-budget.ts";

const classes = 5;
const images = 2000;
const splits = { calibrationShare: 0.3, testShare: 0.3 };
/** More images than there are in the test split. */
const corrupted = { samples: 1000, shifts: 26 };

let backbone: Backbone;
let data: LoadedData | undefined;

beforeAll(async () => {
  backbone = await importProto(residualNet(4));
});
afterEach(() => data?.source.close());

async function load(): Promise<LoadedData> {
  const path = join(await temporaryFolder(), "data.npz");
  const random = seededRandom(1);
  const arrays = {
    x: {
      shape: [images, 8, 8, 3],
      data: Uint8Array.from({ length: images * 8 * 8 * 3 }, () => 256 * random()),
    },
    y: { shape: [images], data: Int32Array.from({ length: images }, (_, at) => at % classes) },
  };
  await writeFile(path, encodeNpz(arrays));
  const preprocess = preprocessSchema.parse({});
  data = await loadData(backbone, { path, preprocess, splits }, silentJob);
  return data;
}

function budgetOf(seconds: number, networks = [backbone], wish: Partial<Wanted> = {}): TimeBudget {
  const wanted: Wanted = {
    splits,
    heads: [gapLinear, mixedLinear].map((kind) => ({ kind: kind as HeadKind, options: {} })),
    training: trainOptionsSchema.parse({}),
    target: { provider: "cpu", threads: 1 },
    profileSeconds: 12,
    isProfiled: false,
    verifySeconds: 300,
    rivalMacs: 0,
    ...wish,
  };
  return new TimeBudget(seconds, networks, wanted, performance.now());
}

it("with time enough changes nothing", async () => {
  const loaded = await load();
  const budget = budgetOf(1e6, [backbone], { corrupted });
  const means = await budget.settleTraining(loaded, [], splits, [{ images: 500 }], silentJob);
  expect(means).toMatchObject({ splits, cutShare: 1, training: { epochs: 10 } });
  expect(cutsOf(backbone, means.cutShare)).toEqual(backbone.summary.cutPoints);
  expect(means.data).toBe(loaded);
  expect(means.heads).toHaveLength(2);
  expect(budget.settleTables(means, 1)).toEqual({ data: loaded, splits });
  expect(budget.settleProfile()).toBe(12);
  expect(budget.settleVerification()).toBe(300);
  expect(budget.settleRobustness()).toBe(600);
  const report = budget.report({ samples: 600, available: 600 });
  expect(report).toMatchObject({ seconds: 1e6, settled: [] });
  expect(report.used).toBeGreaterThan(0);
});

it("with no time at all makes do with the least, and says so", async () => {
  const loaded = await load();
  const budget = budgetOf(1e-3, [backbone], { corrupted });
  const means = await budget.settleTraining(loaded, [], splits, [{ images: 50 }], silentJob);
  expect(means.splits).toEqual({ ...splits, trainLimit: 200 });
  expect(means.data.images.train.count).toBe(200);
  expect(means.data.images.calibration.count).toBe(600);
  expect(means.data.key).not.toEqual(loaded.key);
  // The only one is in the middle.
  const offs = backbone.summary.cutPoints.map(({ macsShare }) => Math.abs(macsShare - 0.5));
  expect(cutsOf(backbone, means.cutShare)).toEqual([
    backbone.summary.cutPoints[offs.indexOf(Math.min(...offs))],
  ]);
  expect(means.heads.map(({ kind }) => kind.id)).toEqual([gapLinear.id]);
  expect(means.training.epochs).toBe(3);
  const tables = budget.settleTables(means, 1);
  expect(tables.splits).toEqual({ ...splits, trainLimit: 200, calibrationLimit: 200, testLimit: 50 });
  expect(tables.data.splits.train.indices).toEqual(means.data.splits.train.indices);
  expect(tables.data.images.test.count).toBe(50);
  expect(budget.settleProfile()).toBeLessThan(12);
  expect(budget.settleVerification()).toBe(1);
  expect(budget.settleRobustness()).toBe(0);
  const { used, settled } = budget.report({ samples: 50, available: 50 });
  expect(used).toBeGreaterThan(1e-3);
  expect(settled.map(({ what, took, wanted }) => [what, took, wanted])).toEqual([
    ["check images", 50, 500],
    ["cut points", 1, backbone.summary.cutPoints.length],
    ["train images", 200, 800],
    ["head kinds", 1, 2],
    ["epochs", 3, 10],
    ["calibration images", 200, 600],
    ["test images", 50, 600],
    ["profile seconds", expect.any(Number), 12],
    ["corrupted images", 0, 600],
  ]);
});

it("shares the time of several networks: each gives heads to as many of its cut points", async () => {
  const loaded = await load();
  const small = await importProto(residualNet(2));
  const checks = [{ images: 500 }, { images: 50 }];
  const all = backbone.summary.cutPoints.length + small.summary.cutPoints.length;
  const hurried = budgetOf(1e-3, [backbone, small]);
  expect(hurried.checkSeconds).toBeCloseTo(budgetOf(1e-3).checkSeconds / 2, 12);
  const members = [{ backbone: small, data: loaded }];
  const least = await hurried.settleTraining(loaded, members, splits, checks, silentJob);
  expect(cutsOf(backbone, least.cutShare)).toHaveLength(1);
  expect(cutsOf(small, least.cutShare)).toHaveLength(1);
  const { settled } = hurried.report({ samples: 600, available: 600 });
  expect(settled).toContainEqual({ what: "cut points", took: 2, wanted: all });
  // Of the network that was checked the least.
  expect(settled).toContainEqual({ what: "check images", took: 50, wanted: 500 });

  const unhurried = budgetOf(1e6, [backbone, small]);
  const most = await unhurried.settleTraining(
    loaded,
    members,
    splits,
    [{ images: 500 }, { images: 500 }],
    silentJob,
  );
  expect(cutsOf(small, most.cutShare)).toEqual(small.summary.cutPoints);
  expect(unhurried.settleTables(most, 1).data).toBe(loaded);
  expect(unhurried.report({ samples: 600, available: 600 }).settled).toEqual([]);
});

it("stops when it is told to while it takes the pace", async () => {
  const job = { ...silentJob, pause: () => Promise.reject(cancelledError()) };
  const settling = budgetOf(60).settleTraining(await load(), [], splits, [{ images: 500 }], job);
  await expect(settling).rejects.toMatchObject({ code: "cancelled" });
});

it("keeps no time for training where networks bring their exits", async () => {
  const net = new TestGraph();
  const stem = net.residualBlock(net.convRelu("image", 3, 4), 4);
  const early = net.classifier(stem, 4, classes);
  const ready = await importProto(net.model([early, net.classifier(net.residualBlock(stem, 4), 4, classes)]));
  expect(ready.summary.readyExits).toHaveLength(1);
  const loaded = await load();
  for (const seconds of [16, 600]) {
    const budget = budgetOf(seconds, [ready], { spareReady: true });
    const means = await budget.settleTraining(loaded, [], splits, [{ images: 500 }], silentJob);
    expect(means).toMatchObject({ heads: [], spareReady: true });
    const tables = budget.settleTables(means, 0);
    expect(tables.data.images.calibration.count).toBeGreaterThan(0);
    expect(budget.settleProfile()).toBeGreaterThan(0);
    const settled = budget.report({ samples: 1, available: 1 }).settled.map(({ what }) => what);
    expect(settled).not.toEqual(expect.arrayContaining(["train images"]));
    expect(settled).not.toEqual(expect.arrayContaining(["head kinds"]));
    expect(settled).not.toEqual(expect.arrayContaining(["epochs"]));
  }
});
