import { spawnSync } from "node:child_process";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { assetPath } from "../base/assets.ts";
import { jsonOf, readEntries } from "./project-entries.ts";

const python = process.env.OFFRAMP_PYTHON ?? "python3";
const sample = assetPath("samples", "fashion-mnist", "explored.offramp");

function run(args: readonly string[], folder: string) {
  const env = { ...process.env, PYTHONPATH: assetPath("reader"), PYTHONDONTWRITEBYTECODE: "1" };
  return spawnSync(python, args, { cwd: folder, encoding: "utf8", env });
}

const isThere = (packages: string) => spawnSync(python, ["-c", `import ${packages}`]).status === 0;

/** The sample's front, also as a file of its own. */
async function sampleFront(): Promise<{ folder: string; front: FrontFile }> {
  const front = frontFileSchema.parse(jsonOf(await readEntries(sample, silentJob), "front.json"));
  const folder = await temporaryFolder();
  await writeFile(join(folder, "front.json"), JSON.stringify(front));
  return { folder, front };
}

test("offramp.py reads fronts and tables, and its routes have the front's accuracies", async (context) => {
  context.skip(!isThere("numpy"), `${python} with numpy isn't there; name one with OFFRAMP_PYTHON`);
  const { folder, front } = await sampleFront();
  const program = `
import json, sys
import numpy as np
import offramp
project = offramp.open_project(sys.argv[1])
front = offramp.open_front("front.json")
table = project.networks[0].tables["test", "top1"]
exits, correct = project.route(front.recommended, "calibration")
lists = [found for found in front.searches + front.schemes]
print(json.dumps({
    "networks": [network.sha256 for network in project.networks],
    "shapes": {name: values.shape for name, values in table.items()},
    "rates": (np.bincount(exits) / len(exits)).tolist(),
    "accuracy": correct.mean(),
    "stated": [found.accuracy.tolist() for found in lists],
    "latencies": [found.latency_ms.tolist() for found in lists],
    "routed": [[project.route(plan, "calibration")[1].mean() for plan in found.plans] for found in lists],
    "isSame": project.front.document == front.document,
}))`;
  const { status, stdout, stderr } = run(["-c", program, sample], folder);
  expect(status, stderr).toBe(0);
  const lists = [
    ...front.searches.map((search) => search.front),
    ...front.schemes.map((scheme) => scheme.plans),
  ];
  const accuracies = lists.map((plans) => plans.map(({ accuracy }) => accuracy));
  const { figures, chain = [] } = front.recommended;
  expect(JSON.parse(stdout)).toEqual({
    networks: [front.backboneSha256, chain[0]],
    shapes: { confidence: [19, 10_000], correct: [19, 10_000], predicted: [19, 10_000], labels: [10_000] },
    rates: figures.exitRates,
    accuracy: figures.accuracy,
    stated: accuracies,
    latencies: lists.map((plans) => plans.map(({ latencyMs }) => latencyMs)),
    routed: accuracies,
    isSame: true,
  });
});

test("offramp.py says what isn't what it should be", async (context) => {
  context.skip(!isThere("numpy"), `${python} with numpy isn't there; name one with OFFRAMP_PYTHON`);
  const folder = await temporaryFolder();
  await writeFile(join(folder, "plan.json"), JSON.stringify({ format: "offramp-plan", version: 1 }));
  const { status, stderr } = run(["-c", 'import offramp; offramp.open_front("plan.json")'], folder);
  expect(status).toBe(1);
  expect(stderr).toContain("plan.json is no offramp-front of version 1 or 2, but offramp-plan 1");
});

test("draw_front.py draws the front", async (context) => {
  const needed = "numpy, matplotlib";
  context.skip(!isThere(needed), `${python} with ${needed} isn't there; name one with OFFRAMP_PYTHON`);
  const { folder, front } = await sampleFront();
  for (const path of [sample, "front.json"]) {
    const { status, stdout, stderr } = run([assetPath("reader", "draw_front.py"), path, "drawn.png"], folder);
    expect(status, stderr).toBe(0);
    expect(stdout).toBe(`drawn.png: ${front.searches[0].front.length} plans of exact\n`);
    expect((await stat(join(folder, "drawn.png"))).size).toBeGreaterThan(10_000);
  }
});
