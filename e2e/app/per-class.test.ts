import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject, saveProject } from "../../electron/engine/index.ts";
import { expectFigures, figuresOf } from "./testing/figures.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { copiedPlan, exits, graph, liveFigures, showLivePlan } from "./testing/window.ts";

let launched: LaunchedApp;
let folder: string;
let path: string;

/** The sample with a profile that holds every policy, so that nothing has to be measured here. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-per-class-"));
  path = join(folder, "net.offramp");
  const project = await openProject(samplePath);
  const profiles = project.profiles.map((profile) => {
    const top1 = profile.heads.filter(({ policy }) => policy === "top1");
    const perClass = top1.map((head) => ({ ...head, policy: "top1-per-class", meanMs: head.meanMs + 0.002 }));
    const others = profile.heads.filter(({ policy }) => policy !== "top1-per-class");
    return { ...profile, heads: [...others, ...perClass] };
  });
  await saveProject({ ...project, profiles }, path);
  launched = await launchApp({ args: [path] });
  await graph(launched.page).waitFor();
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(async () => {
  await launched.close();
  await rm(folder, { recursive: true });
});

it("an exit gets thresholds per class, shows each, and its figures are the evaluator's", async () => {
  const { app, page, errors } = launched;
  await exits(page).first().click();
  await page.getByRole("combobox", { name: /policy/i }).selectOption("top1-per-class");
  const list = page.getByRole("region", { name: "Thresholds per class" });
  await list.waitFor();
  const rows = async () =>
    (await list.getByRole("listitem").allInnerTexts()).map((text) => text.split(/\s*\n\s*/));
  const plan = await copiedPlan(app, page);
  const [{ policy, threshold, classThresholds }] = plan.exits;
  expect(policy).toBe("top1-per-class");
  expect(classThresholds).toHaveLength(10);
  const shown = (await rows()).map(([, from]) => from);
  expect(shown).toEqual([...classThresholds!].sort((a, b) => b - a).map((value) => value.toFixed(4)));
  expect(Number(shown[0])).toBeGreaterThan(threshold);
  expect(Number(shown.at(-1))).toBeLessThan(threshold);

  const line = page.getByRole("slider", { name: /threshold/i }).first();
  await line.focus();
  for (let step = 0; step < 5; step++) await page.keyboard.press("ArrowRight");
  await expect.poll(async () => (await rows()).map(([, from]) => from)).not.toEqual(shown);
  await showLivePlan(page);
  const moved = await copiedPlan(app, page);
  expect(moved.exits[0].threshold).toBeGreaterThan(threshold);
  expectFigures(await liveFigures(page), await figuresOf(path, moved));
  await exits(page).first().click();
  await page.getByRole("combobox", { name: /policy/i }).selectOption("top1");
  await list.waitFor({ state: "detached" });
  expect(errors).toEqual([]);
});
