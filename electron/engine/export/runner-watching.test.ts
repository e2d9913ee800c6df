import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../shared/base/random.ts";
import { confidenceBins, type FieldCounts, fieldCountsSchema } from "../../../shared/files/field-counts.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { findPython, noPython } from "../../runtime/ensure-python.mjs";
import { assetPath } from "../base/assets.ts";
import { staged } from "./staged.ts";
import { confidencesAt, exitMs, exitsOf, exportedPoints, large, own, plans } from "./testing/test-points.ts";

const load = (name: string) => import(pathToFileURL(assetPath("runners", name)).href);
const { openStagedNetwork } = await load("run.mjs");
const { FieldCounts: Counts } = await load("counts.mjs");
const { BudgetController } = await load("control.mjs");

const open = async () => openStagedNetwork(join(await exportedPoints([staged]), staged.target));

async function read(path: string): Promise<FieldCounts> {
  return fieldCountsSchema.parse(JSON.parse(await readFile(path, "utf8")));
}

/** Of the tables: the own plan's exits, and the network's own output. */
const rows = [0, 1, large.routed.heads.length];

describe("counts of the field", () => {
  it("say how many left at each exit of a point, and how sure all were that reached it", async () => {
    const path = join(await temporaryFolder(), "counts.json");
    const network = await open();
    const counts = new Counts(network, path);
    for (const image of large.images) await network.run(image);
    network.choose("fast");
    for (const image of large.images) await network.run(image);
    counts.timed(2);
    counts.timed(4);
    counts.save();
    const { plan, points } = await read(path);
    expect(plan).toEqual(own);
    for (const [at, { name, of }] of [
      { name: null, of: own },
      { name: "fast", of: plans.fast },
    ].entries()) {
      const { exits, ...point } = points[at];
      const taken = exitsOf(of);
      expect(point).toMatchObject({
        name,
        thresholds: of.exits.map(({ threshold }) => threshold),
        inputs: 48,
      });
      for (const [exit, { left, confidence }] of exits.entries()) {
        expect(left).toBe(taken.filter((each) => each === exit).length);
        const bins = new Array<number>(confidenceBins).fill(0);
        for (const [sample, sureness] of confidencesAt(rows[exit]).entries())
          if (taken[sample] >= exit) bins[Math.floor(sureness * confidenceBins)]++;
        expect(confidence).toEqual(bins);
      }
    }
    expect(points.map(({ latency }) => latency)).toEqual([
      undefined,
      { inputs: 2, sumMs: 6, sumSquaresMs: 20 },
    ]);
  });

  it("add up over runs of one export, and are not mixed with another's", async () => {
    const folder = await temporaryFolder({ "other.json": "no counts" });
    const path = join(folder, "counts.json");
    const network = await open();
    const counts = new Counts(network, path);
    for (const turns of [1, 2, 3]) {
      await network.run(large.images[0]);
      counts.timed(turns);
      counts.save();
    }
    const [{ inputs, latency }] = (await read(path)).points;
    expect([inputs, latency]).toEqual([3, { inputs: 3, sumMs: 6, sumSquaresMs: 14 }]);
    const another = await openStagedNetwork(
      join(await exportedPoints([staged], { points: undefined }), staged.target),
    );
    expect(() => new Counts(another, path)).toThrow(`${path} counts another export; name another file`);
    const damaged = join(folder, "other.json");
    expect(() => new Counts(network, damaged)).toThrow(`${damaged} holds no counts of version 1`);
  });

  it("are the same in Python, of samples that run together and of those in batches", async (context) => {
    const python = findPython("numpy")!;
    context.skip(!python, noPython("numpy"));
    const stage = (k: number, threshold: number | null) => ({
      file: `stage-${k}.onnx`,
      input: { name: "image", shape: [null, 3] },
      ...{ logits: "logits", confidence: "confidence", next: "next", threshold },
    });
    const stages = [stage(0, 0.5), stage(1, 0.75), stage(2, null)];
    const manifest = { format: "offramp-staged", version: 2, plan: own, stages };
    const folder = await temporaryFolder({ "manifest.json": JSON.stringify(manifest) });
    // A session of stage k, in place of ONNX Runtime's, is as sure of an image as the image's number k says.
    const program = `
import sys, types
import numpy as np
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
class Session:
    def __init__(self, file, options):
        self.stage = int(file[-6])
    def run(self, names, feeds):
        image = feeds["image"]
        made = {"logits": image, "confidence": image[:, self.stage], "next": image}
        return [made[name] for name in names]
sys.modules["onnxruntime"] = types.SimpleNamespace(InferenceSession=Session)
from batch import Batcher, answers_to
from counts import FieldCounts
from run import StagedNetwork
images = np.array([[0.9, 0, 0], [0.1, 0.8, 0.3], [0.2, 0.1, 0.4], [0.3, 0.2, 1], [0.4, np.nan, 0.5], [0.5, 0, 0]], np.float32)
def count(name, run):
    network = StagedNetwork(".", object())
    counts = FieldCounts(network, name)
    print([int(exit) for exit in run(network)])
    counts.save()
count("together.json", lambda network: network.run(images)[1])
samples = [[image[None]] for image in images]
count("batches.json", lambda network: [answer.exit for answer in answers_to(Batcher(network, 2), samples)])
`;
    const runners = dirname(assetPath("runners", "run.py"));
    const { status, stdout, stderr } = spawnSync(python, ["-c", program, runners], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(stdout).toBe("[0, 1, 2, 2, 1, 0]\n[0, 1, 2, 2, 1, 0]\n");
    const [together, batches] = await Promise.all(
      ["together.json", "batches.json"].map((name) => read(join(folder, name))),
    );
    expect(batches).toEqual(together);
    const [{ exits }] = together.points;
    const filled = exits.map(({ left, confidence }) => [
      left,
      confidence.flatMap((count, bin) => (count > 0 ? [[bin, count]] : [])),
    ]);
    const alone = (...bins: number[]) => bins.map((bin) => [bin, 1]);
    expect(filled).toEqual([
      [2, alone(6, 12, 19, 25, 32, 57)],
      [2, alone(6, 12, 51, 63)],
      [2, alone(25, 63)],
    ]);
  });

  it("aren't made of what warms up", async () => {
    const path = join(await temporaryFolder(), "counts.json");
    const network = await open();
    const counts = new Counts(network, path);
    await network.warmUp(large.images[0]);
    counts.save();
    expect((await read(path)).points).toEqual([]);
  });
});

/** Points from the cheapest to the dearest, by the confidence from which a sample leaves at each of two exits. */
const limits = [
  [0.5, 0.5],
  [0.8, 0.7],
  [0.95, 0.9],
  [0.99, 0.97],
];

/** What an input costs at each point, phase by phase; the harder a phase, the fewer of its inputs leave early. */
function costsOf(hardness: readonly number[], inputs: number): number[][][] {
  const random = seededRandom(5);
  return hardness.map((hard) =>
    Array.from({ length: inputs }, () => {
      const difficulty = random() ** (1 / hard);
      const confidences = [1 - difficulty * (0.5 + 0.5 * random()), 1 - 0.5 * difficulty * random()];
      return limits.map((limit) => {
        const exit = confidences.findIndex((confidence, at) => confidence >= limit[at]);
        return exitMs.at(exit)!;
      });
    }),
  );
}

/** What each phase cost by input, and the points that it was run at. */
function controlled(phases: number[][][], control: { point: number; spend(cost: number): void }) {
  return phases.map((phase) =>
    phase.map((costs) => {
      const { point } = control;
      control.spend(costs[point]);
      return { point, cost: costs[point] };
    }),
  );
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const points = limits.map((_, point) => point);

describe("a budget", () => {
  const phases = costsOf([0.3, 1, 3, 0.3], 3000);
  const alone = phases.map((phase) => points.map((point) => mean(phase.map((costs) => costs[point]))));

  it("is held while the stream turns hard and easy again, and what it allows is spent", () => {
    const budget = 2;
    // No point holds it by itself and spends it: what is right for one phase is wrong for another.
    expect(
      points.filter((point) => alone.every((means) => Math.abs(means[point] / budget - 1) < 0.1)),
    ).toEqual([]);
    for (const phase of controlled(phases, new BudgetController(points, budget)))
      expect(Math.abs(mean(phase.map(({ cost }) => cost)) / budget - 1)).toBeLessThan(0.015);
  });

  it("that is ample leaves the dearest point alone; one that can't be held leaves the cheapest", () => {
    const [first] = controlled(phases, new BudgetController(points, 3));
    expect(first.every(({ point }) => point === 3)).toBe(true);
    const [, , hard] = controlled(phases, new BudgetController(points, 1.2));
    expect(hard.every(({ point }) => point === 0)).toBe(true);
  });

  it("is over by no more than its bound however the stream comes", () => {
    const [budget, patience] = [2, 5];
    const cheapest = alone.map((means) => means[0]);
    expect(Math.max(...cheapest)).toBeLessThan(budget);
    const all = controlled([...phases].reverse(), new BudgetController(points, budget, { patience })).flat();
    const over = all.reduce((debt, { cost }) => debt + cost / budget - 1, 0);
    expect(over).toBeLessThanOrEqual(patience * points.length);
  });

  it("of a quantile holds the share of inputs that cost more", () => {
    const control = new BudgetController(points, 2, { quantile: 0.8 });
    for (const phase of controlled(costsOf([0.3, 0.6, 0.3], 3000), control))
      expect(phase.filter(({ cost }) => cost > 2).length / phase.length).toBeCloseTo(0.2, 1.7);
  });

  it("is held by an export's own points, in the order of what they are predicted to take", async () => {
    const network = await open();
    expect(network.byCost()).toEqual(["fast", null, "safe"]);
    const [cheap, dear] = [plans.fast, plans.safe].map((plan) =>
      mean(exitsOf(plan).map((exit) => exitMs[exit])),
    );
    const budget = (cheap + dear) / 2;
    const control = new BudgetController(network.byCost(), budget);
    const costs: number[] = [];
    // The images in one order, five times over.
    for (let turn = 0; turn < 5; turn++)
      for (const image of large.images) {
        network.choose(control.point);
        const { exit } = await network.run(image);
        costs.push(exitMs[exit]);
        control.spend(exitMs[exit]);
      }
    expect(Math.abs(mean(costs) / budget - 1)).toBeLessThan(0.05);
    const plain = await openStagedNetwork(
      join(await exportedPoints([staged], { predicted: undefined }), staged.target),
    );
    expect(() => plain.byCost()).toThrow("the manifest doesn't list operating points and what they take");
  });

  it("is held by control.py as by control.mjs, to the input", async (context) => {
    const python = findPython("json")!;
    context.skip(!python, noPython("json"));
    const folder = await temporaryFolder();
    await writeFile(join(folder, "phases.json"), JSON.stringify(phases));
    const program = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
from control import BudgetController
chosen = []
for quantile in (None, 0.8):
    control = BudgetController([0, 1, 2, 3], 2, quantile)
    for phase in json.load(open("phases.json")):
        for costs in phase:
            chosen.append(control.point)
            control.spend(costs[control.point])
print(json.dumps(chosen))
`;
    const runners = dirname(assetPath("runners", "control.py"));
    const { status, stdout, stderr } = spawnSync(python, ["-c", program, runners], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const expected = [undefined, 0.8].flatMap((quantile) =>
      controlled(phases, new BudgetController(points, 2, { quantile }))
        .flat()
        .map(({ point }) => point),
    );
    expect(JSON.parse(stdout)).toEqual(expected);
  });
});
