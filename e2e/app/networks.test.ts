import { copyFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject, saveProject } from "../../electron/engine/index.ts";
import type { Latency } from "../../shared/model/profile.ts";
import { finishedRun } from "../testing/command-line.ts";
import { gratings } from "../testing/gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "../testing/small-network.ts";
import { imagesPerClass, trainSeed } from "../testing/workspace.ts";
import { expectFigures, figuresOf } from "./testing/figures.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import {
  choosePaths,
  copiedPlan,
  exportVerified,
  graph,
  liveFigures,
  runCommand,
  showLivePlan,
  stage,
} from "./testing/window.ts";

const session = appSession();
let folder: string;
let path: string;
let small: string;

/** A finished run of the backbone alone, and a network of a seventh of its channels. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-networks-"));
  path = join(folder, "net.offramp");
  small = join(folder, "small.onnx");
  await copyFile((await finishedRun()).project, path);
  const train = gratings(imagesPerClass.train, trainSeed);
  await writeSmallNetwork(small, train, { ...defaultNetwork, blocks: 2, channels: 12, seed: 6 });
  await start();
}, 180_000);
afterAll(async () => {
  await session.end();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  await session.start({ args: [path], size: { width: 1440, height: 900 } });
  await graph(session.page).waitFor();
  await session.page.getByText("engine ready").waitFor();
}

/** Drops a file on the window as the system's file manager does. */
async function drop(path: string): Promise<void> {
  const { page } = session;
  await page.evaluate(() => {
    const input = document.createElement("input");
    input.type = "file";
    input.id = "dropped";
    document.body.append(input);
  });
  await page.locator("#dropped").setInputFiles(path);
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>("#dropped")!;
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(input.files![0]);
    const pane = document.querySelector("main, [role=application]")!;
    pane.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    input.remove();
  });
}

/** The saved project with a network that takes next to nothing, so that the best plan begins with it on any machine. */
async function makeSmallFast(): Promise<void> {
  const project = await openProject(path);
  const faster = <Timed extends Latency>(timed: Timed): Timed => ({
    ...timed,
    meanMs: timed.meanMs / 50,
    medianMs: timed.medianMs / 50,
    p5Ms: timed.p5Ms / 50,
    p95Ms: timed.p95Ms / 50,
  });
  const profiles = project.profiles.map((profile) => ({
    ...profile,
    members: profile.members?.map((member) => ({
      ...member,
      backbone: faster(member.backbone),
      final: faster(member.final),
      prefixes: member.prefixes.map(faster),
      heads: member.heads.map(faster),
      branch: member.branch && faster(member.branch),
    })),
  }));
  await saveProject({ ...project, profiles }, path);
}

const panel = (name: string): Locator => session.page.getByRole("region", { name, exact: true });

it("a network is added to a trained project: trained, calibrated and timed in one job", async () => {
  const { app, page } = session;
  await stage(page, "Model").click();
  const same = panel("Model").getByLabel("Its images are made as the backbone's, at its own size");
  await same.uncheck();
  await panel("Model").getByLabel("As the model was trained").selectOption("cifar");
  await same.scrollIntoViewIfNeeded();
  await keepScreenshot(page, "networks-own-images");
  await same.check();
  expect(await panel("Model").getByLabel("As the model was trained").count()).toBe(0);
  await choosePaths(app, small);
  await runCommand(page, "Add network");
  await page
    .getByText(/^small is in the project: [\d.]+ % right, [\d.]+x as fast as the backbone/)
    .waitFor({ timeout: 120_000 });
  await expect
    .poll(() =>
      panel("Model")
        .getByText(/as fast as the backbone$/)
        .count(),
    )
    .toBe(1);
  await keepScreenshot(page, "networks-model-panel");
  await runCommand(page, "Save");
  await page.getByText("Saved net.offramp").waitFor();
  const { members, profiles } = await openProject(path);
  expect(members.map(({ backbone }) => backbone.summary.name)).toEqual(["small"]);
  expect(profiles[0].members).toHaveLength(1);
});

it("a search goes through both, and its plan is taken, undone and taken again", async () => {
  await session.kill();
  await makeSmallFast();
  await start();
  const { app, page } = session;
  await stage(page, "Search").click();
  await panel("Search").getByLabel("Compare with the other algorithms").uncheck();
  await panel("Search").getByRole("button", { name: /^Run/ }).click();
  await expect
    .poll(() => stage(page, "Search").innerText(), { timeout: 120_000, interval: 500 })
    .toMatch(/done/);
  await keepScreenshot(page, "networks-search");
  await runCommand(page, "Take the best plan");
  await expect.poll(async () => (await copiedPlan(app, page)).chain?.length).toBe(2);
  const plan = await copiedPlan(app, page);
  const { backbone, members } = await openProject(path);
  const [member] = members;
  expect(plan.chain).toEqual([member.backbone.summary.sha256, backbone.summary.sha256]);
  expect(plan.exits[0].member).toBe(member.backbone.summary.sha256);
  await page.keyboard.press("Control+Z");
  await expect.poll(async () => (await copiedPlan(app, page)).chain).toBeUndefined();
  await page.keyboard.press("Control+Shift+Z");
  expect(await copiedPlan(app, page)).toEqual(plan);
  await runCommand(page, "Save");
  await page.getByText("Saved net.offramp").waitFor();
  await showLivePlan(page);
  await keepScreenshot(page, "networks-live-plan");
  expectFigures(await liveFigures(page), await figuresOf(path, plan));
});

it("it is exported and verified, and is there when the project is opened again", async () => {
  const { app, page } = session;
  const plan = await copiedPlan(app, page);
  const out = join(folder, "out");
  await exportVerified(app, page, out);
  await keepScreenshot(page, "networks-exported");
  expect(await readdir(out)).toContain("plan.json");
  await session.kill();
  await start();
  expect(await copiedPlan(session.app, session.page)).toEqual(plan);
  expect(session.errors).toEqual([]);
});

it("a network that is removed takes its plans along, says so, and is added again at once", async () => {
  const { app, page } = session;
  await stage(page, "Model").click();
  await panel("Model")
    .getByRole("button", { name: "Remove small, and with it the live plan, the front of the last search" })
    .click();
  await page
    .getByText("small is removed, and with it the live plan, the front of the last search.")
    .waitFor();
  const plan = await copiedPlan(app, page);
  expect([plan.chain, plan.exits]).toEqual([undefined, []]);
  await drop(small);
  const question = page.getByRole("dialog", { name: "What is small.onnx to be?" });
  await question.waitFor();
  await keepScreenshot(page, "networks-dropped");
  await question.getByRole("button", { name: "Add network" }).click();
  await page.getByText(/^small is in the project/).waitFor({ timeout: 120_000 });
  expect(session.errors).toEqual([]);
});
