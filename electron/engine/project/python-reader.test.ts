import { spawnSync } from "node:child_process";
import { copyFile, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type TestContext, test } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { type FrontFile, frontFileSchema } from "../../../shared/files/front-file.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { findPython, noPython } from "../../runtime/ensure-python.mjs";
import { assetPath } from "../base/assets.ts";
import { jsonOf, readEntries } from "./project-entries.ts";

/** The first Python that has these packages; skips the test where there is none. */
function pythonWith(packages: string, context: TestContext): string {
  const found = findPython(packages);
  context.skip(!found, noPython(packages));
  return found!;
}

const sample = assetPath("samples", "fashion-mnist", "explored.offramp");

function run(python: string, args: readonly string[], folder: string) {
  const own = { PYTHONPATH: assetPath("reader"), PYTHONDONTWRITEBYTECODE: "1", MPLBACKEND: "Agg" };
  const env = { ...process.env, ...own };
  return spawnSync(python, args, { cwd: folder, encoding: "utf8", env });
}

/** The sample's front, also as a file of its own. */
async function sampleFront(): Promise<{ folder: string; front: FrontFile }> {
  const front = frontFileSchema.parse(jsonOf(await readEntries(sample, silentJob), "front.json"));
  const folder = await temporaryFolder();
  await writeFile(join(folder, "front.json"), JSON.stringify(front));
  return { folder, front };
}

test("offramp.py reads fronts and tables, and its routes have the front's accuracies", async (context) => {
  const python = pythonWith("numpy", context);
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
  const { status, stdout, stderr } = run(python, ["-c", program, sample], folder);
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
  const python = pythonWith("numpy", context);
  const folder = await temporaryFolder();
  await writeFile(join(folder, "plan.json"), JSON.stringify({ format: "offramp-plan", version: 1 }));
  const { status, stderr } = run(python, ["-c", 'import offramp; offramp.open_front("plan.json")'], folder);
  expect(status).toBe(1);
  expect(stderr).toContain("plan.json is no offramp-front of version 1 or 2, but offramp-plan 1");
});

test("draw_front.py draws the front", async (context) => {
  const python = pythonWith("numpy, matplotlib", context);
  const { folder, front } = await sampleFront();
  for (const path of [sample, "front.json"]) {
    const { status, stdout, stderr } = run(
      python,
      [assetPath("reader", "draw_front.py"), path, "drawn.png"],
      folder,
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toBe(`drawn.png: ${front.searches[0].front.length} plans of exact\n`);
    expect((await stat(join(folder, "drawn.png"))).size).toBeGreaterThan(10_000);
  }
});

test("the notebook runs from its first cell to the last", async (context) => {
  const python = pythonWith("numpy, matplotlib", context);
  const { folder, front } = await sampleFront();
  await copyFile(sample, join(folder, "net.offramp"));
  const { cells } = JSON.parse(await readFile(assetPath("reader", "front.ipynb"), "utf8"));
  const program = cells.flatMap(({ cell_type, source }: { cell_type: string; source: string[] }) =>
    cell_type === "code" ? source.join("") : [],
  );
  const { status, stdout, stderr } = run(python, ["-c", program.join("\n")], folder);
  expect(status, stderr).toBe(0);
  expect(stdout).toContain(`${front.searches[0].front.length} plans of exact, 3 exits recommended\n`);
  expect(stdout).toMatch(/exit 4: \d\.\d % leave, \d+\.\d % right\nall: 9\d\.\d\d % right\n$/);
});
