import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { openProject } from "../electron/engine/index.ts";
import { writeTunedProject } from "../electron/engine/stages/testing/tuned-project.ts";
import { type FrontFile, frontFileSchema } from "../shared/files/front-file.ts";
import {
  expectRefusal,
  finishedRun,
  offramp,
  offrampJson,
  ownFolder,
  shared,
} from "./testing/command-line.ts";
import { exportedAnswers } from "./testing/right-answers.ts";
import { testImages } from "./testing/workspace.ts";

const own = ownFolder();
let project: string;
let backbone: string;
let tuned: string;

/** A finished run, whose backbone has a twin with better heads. */
beforeAll(async () => {
  project = own.path("tuned.offramp");
  await writeTunedProject((await finishedRun()).project, project, shared("cache"));
  const { backbone: ours, members } = await openProject(project);
  backbone = ours.summary.sha256;
  tuned = members[0].backbone.summary.sha256;
}, 180_000);

const searching = (...args: string[]) => ["search", project, "--no-compare", ...args];

test("a search finds the front with the tuned network and without, on latencies that were measured before", async () => {
  const front = await offrampJson(searching("--max-drop", "0", "-o", own.path("found")), frontFileSchema);
  const { frozen, searches, recommended } = front;
  expect(frozen!.front.every(({ chain }) => chain === undefined)).toBe(true);
  expect(searches[0].front.some(({ chain }) => chain?.join() === tuned)).toBe(true);
  // No plan goes through both.
  for (const { chain } of searches[0].front) expect(chain?.length ?? 1).toBe(1);
  expect([searches[0].proven, frozen!.proven]).toEqual([true, true]);
  expect(searches[0].hypervolume).toBeGreaterThan(frozen!.hypervolume);
  expect(recommended.figures.latencyMs.mean).toBeLessThanOrEqual(frozen!.recommended!.figures.latencyMs.mean);
  const { profiles } = await openProject(project);
  expect(profiles[0].members).toBeUndefined();
});

test("a person reads what tuning brings", async () => {
  const { code, stdout, stderr } = await offramp(searching("--max-drop", "0"));
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^exact +proven .*\nexact, frozen +proven /m);
  expect(stdout).toMatch(/^drop up to +frozen +tuned +static network\n +0\.00 pp +[\d.]+x +[\d.]+x /m);
  expect(stdout).toMatch(/goes through model tuned alone/);
  expect(stdout).toMatch(
    /^· It goes through model tuned\. Without tuned networks the best plan is [\d.]+x as fast as the backbone, this one [\d.]+x, as predicted\.$/m,
  );
});

test("a plan of the tuned network is exported and verified against the original backbone", async () => {
  const found = frontFileSchema.parse(JSON.parse(await readFile(own.path("found", "front.json"), "utf8")));
  expect(found.recommended.chain).toEqual([tuned]);
  const out = own.path("exported");
  const plan = own.path("found", "plan.json");
  const exported = await offramp(["export", project, "--plan", plan, "-o", out]);
  expect(exported.code, exported.stderr).toBe(0);
  const verified = await offramp([
    "verify",
    join(out, "model.onnx"),
    "--project",
    project,
    "--plan",
    plan,
    "--data",
    shared("data"),
    "--json",
  ]);
  expect(verified.code, verified.stderr).toBe(0);
  const figures = JSON.parse(verified.stdout);
  expect(figures.decisionAgreement).toBeGreaterThanOrEqual(0.999);
  const { right } = await exportedAnswers(join(out, "model.onnx"));
  expect(right / testImages().labels.length).toBeCloseTo(figures.plan.accuracy, 12);
  // What drops refer to is the original on the same images.
  const { outputs } = await openProject(project);
  const original = outputs.at(-1)!.accuracy;
  expect(figures.backbone.accuracy).toBeCloseTo(original, 12);
  expect(figures.accuracyDropPp).toBeCloseTo(100 * (original - figures.plan.accuracy), 9);
});

test("a plan through both of a family is refused", async () => {
  const { recommended }: FrontFile = frontFileSchema.parse(
    JSON.parse(await readFile(own.path("found", "front.json"), "utf8")),
  );
  const both = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: backbone,
    exits: recommended.exits,
    chain: [tuned, backbone],
  };
  const path = await own.write("both.json", JSON.stringify(both));
  await expectRefusal(["export", project, "--plan", path, "-o", own.path("nothing")], {
    says: /the plan goes through model and model tuned, of which one was tuned from the other/,
  });
});
