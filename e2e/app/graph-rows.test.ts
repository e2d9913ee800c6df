import type { Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { formatPercent } from "../../shared/base/format-number.ts";
import { summarySchema } from "../../shared/files/summary.ts";
import { networksOf, type Plan } from "../../shared/model/plan.ts";
import { offrampJson, ownFolder, smallRun } from "../testing/command-line.ts";
import { gratings } from "../testing/gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "../testing/small-network.ts";
import { imagesPerClass, trainSeed } from "../testing/workspace.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { copiedPlan, graph, runCommand, setSize, setTheme } from "./testing/window.ts";

const own = ownFolder();
let launched: LaunchedApp;
let backbone: string;
let member: string;

/** A project whose second network has a third of the backbone's blocks and of its channels. */
beforeAll(async () => {
  const small = own.path("small.onnx");
  const train = gratings(imagesPerClass.train, trainSeed);
  await writeSmallNetwork(small, train, { ...defaultNetwork, blocks: 2, channels: 12, seed: 6 });
  const out = own.path("run");
  const summary = await offrampJson([...smallRun(out), "--member", small], summarySchema);
  [backbone, member] = summary.networks!.map(({ sha256 }) => sha256);
  launched = await launchApp({ args: [projectPath()], size: { width: 1440, height: 900 } });
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(() => launched.close());

const projectPath = () => own.path("run", "project.offramp");

const header = (name: string): Locator =>
  launched.page.getByRole("group", { name: new RegExp(`^Network ${name}, `) });

const networkSwitch = (name: string): Locator =>
  launched.page.getByRole("switch", { name: `Plan goes through ${name}`, exact: true });

const marker = (name: string, number: number): Locator =>
  launched.page.getByLabel(new RegExp(`^Cut point ${number} of ${name},`));

const exitsOf = (name: string): Locator =>
  launched.page.getByLabel(new RegExp(`^Exit \\d+ (after block \\d+|at the output) of ${name},`));

const plan = () => copiedPlan(launched.app, launched.page);

/** Names of the networks that the live plan goes through. */
async function chain(): Promise<string[]> {
  return networksOf(await plan(), backbone).map((sha256) => (sha256 === member ? "small" : "model"));
}

/** Makes the live plan the backbone alone, without exits. */
async function takeBackboneAlone(): Promise<void> {
  const isOn = async (name: string) => (await networkSwitch(name).getAttribute("aria-checked")) === "true";
  if (!(await isOn("model"))) await networkSwitch("model").click();
  if (await isOn("small")) await networkSwitch("small").click();
  await expect.poll(chain).toEqual(["model"]);
  if ((await plan()).exits.length > 0) await runCommand(launched.page, "Remove every exit");
}

/** Middle of an element, px. */
async function middleOf(element: Locator): Promise<{ x: number; y: number }> {
  const { x, y, width, height } = (await element.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}

async function drag(from: Locator, to: { x: number; y: number }): Promise<void> {
  const { mouse } = launched.page;
  const start = await middleOf(from);
  await mouse.move(start.x, start.y);
  await mouse.down();
  await mouse.move(start.x + 8, (start.y + to.y) / 2, { steps: 4 });
  await mouse.move(to.x, to.y, { steps: 8 });
  await mouse.up();
}

/** Share of the calibration samples that the small network leaves undecided, counted here. */
async function undecided({ exits }: Plan): Promise<number> {
  const { members } = await openProject(projectPath());
  const [{ heads, tables }] = members;
  const table = tables.calibration.get("top1")!;
  const mine = exits.filter((exit) => exit.member === member);
  const rowOf = ({ cutPoint, head }: (typeof exits)[number]) =>
    head === "output"
      ? heads.length
      : heads.findIndex((trained) => trained.cutPoint === cutPoint && trained.kind === head);
  let count = 0;
  for (let sample = 0; sample < table.samples; sample++)
    if (
      mine.every(
        (exit) => table.confidence[rowOf(exit) * table.samples + sample] < Math.fround(exit.threshold),
      )
    )
      count++;
  return count / table.samples;
}

/** What the marker behind the small network's output says goes on. */
const goesOn = () => launched.page.getByLabel(/^Output of small, before the next network/).innerText();

it("shows a row for each network, those that the plan leaves out below and off", async () => {
  const { page } = launched;
  await takeBackboneAlone();
  expect(await graph(page).getAttribute("aria-label")).toMatch(/^Networks and exits/);
  expect(await header("model").innerText()).toMatch(/^model\s+backbone\s+[\d.]+ ms · \d\d\.\d %$/);
  expect(await header("small").innerText()).toMatch(/^small\s+[\d.]+ ms · \d\d\.\d %\s+not in the plan$/);
  expect((await middleOf(header("small"))).y).toBeGreaterThan((await middleOf(header("model"))).y);
  // What is off is inert, and says what to do.
  await marker("small", 0).click();
  await page.getByText(/^The plan doesn't go through small\. Switch it on/).waitFor();
  expect((await plan()).exits).toEqual([]);
});

it("switches a network on before the dearer one, with a way out at its output, live", async () => {
  await networkSwitch("small").click();
  await expect.poll(chain).toEqual(["small", "model"]);
  const on = await plan();
  expect(on.exits).toMatchObject([{ member, cutPoint: "logits", head: "output" }]);
  expect((await middleOf(header("small"))).y).toBeLessThan((await middleOf(header("model"))).y);
  expect(await exitsOf("small").count()).toBe(1);
  expect(await goesOn()).toBe(formatPercent(await undecided(on)));
});

it("a threshold of a network's own output moves what goes on to the next one", async () => {
  const { page } = launched;
  const before = await plan();
  await exitsOf("small").click();
  await page
    .getByRole("slider", { name: /threshold/i })
    .first()
    .focus();
  for (let step = 0; step < 12; step++) await page.keyboard.press("PageDown");
  await expect.poll(async () => (await plan()).exits[0].threshold).toBeLessThan(before.exits[0].threshold);
  const after = await plan();
  expect(await undecided(after)).toBeLessThan(await undecided(before));
  await expect.poll(goesOn).toBe(formatPercent(await undecided(after)));
});

it("places exits in any row, and moves them from one to the other", async () => {
  const { page } = launched;
  await marker("small", 0).click();
  await marker("model", 1).click();
  await expect
    .poll(async () => (await plan()).exits.map((exit) => exit.member))
    .toEqual([member, member, undefined]);
  await expect.poll(goesOn).toBe(formatPercent(await undecided(await plan())));
  await drag(exitsOf("model"), await middleOf(marker("small", 1)));
  await expect
    .poll(async () => (await plan()).exits.map((exit) => exit.member))
    .toEqual([member, member, member]);
  // And on along the chain by the keyboard: behind the small network's output comes the backbone.
  await exitsOf("small").nth(1).click();
  await graph(page).focus();
  await page.keyboard.press("Alt+ArrowRight");
  await expect
    .poll(async () => (await plan()).exits.map((exit) => exit.member))
    .toEqual([member, member, undefined]);
  await graph(page).focus();
  await page.keyboard.press("Delete");
  await expect.poll(async () => (await plan()).exits.length).toBe(2);
});

it("moves a network by key and by its header, in one step of undo each, and keeps its exits", async () => {
  const { page } = launched;
  const exits = (await plan()).exits;
  await header("small").click();
  await graph(page).focus();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(chain).toEqual(["model", "small"]);
  // The small network's output is the end now, the backbone's an exit.
  expect((await plan()).exits.map((exit) => exit.head)).toEqual(["output", exits[0].head]);
  await page.keyboard.press("Control+Z");
  await expect.poll(chain).toEqual(["small", "model"]);
  expect((await plan()).exits).toEqual(exits);

  const top = await middleOf(header("small"));
  await drag(header("model"), { x: top.x, y: top.y - 10 });
  await expect.poll(chain).toEqual(["model", "small"]);
  expect((await middleOf(header("model"))).y).toBeLessThan((await middleOf(header("small"))).y);
  await page.keyboard.press("Control+Z");
  await expect.poll(chain).toEqual(["small", "model"]);
  expect((await plan()).exits).toEqual(exits);
});

it("does it all from the keyboard: to a header, off, on, and between the rows", async () => {
  const { page } = launched;
  const focused = async () => {
    const active = await graph(page).getAttribute("aria-activedescendant");
    return page.locator(`[id="${active}"]`).first().getAttribute("aria-label");
  };
  await header("small").click();
  await graph(page).focus();
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toMatch(/^Block 0 of small/);
  await page.keyboard.press("ArrowDown");
  expect(await focused()).toMatch(/^Network model, backbone/);
  await page.keyboard.press("Space");
  await expect.poll(chain).toEqual(["small"]);
  await graph(page).focus();
  await page.keyboard.press("n");
  await expect.poll(chain).toEqual(["small", "model"]);
  await graph(page).focus();
  await page.keyboard.press("ArrowUp");
  expect(await focused()).toMatch(/^Network small/);
  await runCommand(page, "Switch the network on or off");
  await expect.poll(chain).toEqual(["model"]);
  await networkSwitch("model").click();
  await page.getByText(/^A plan goes through one network at least/).waitFor();
  await networkSwitch("small").click();
  await expect.poll(chain).toEqual(["small", "model"]);
});

it("finds and expands operators in every row", async () => {
  const { page } = launched;
  await runCommand(page, "Find in the graph");
  await page.getByRole("textbox", { name: "Find in the graph" }).fill("block2/second");
  await page.getByText("4 found").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 of 4").waitFor();
  await page.getByRole("button", { name: "Collapse block 2 of small" }).waitFor();
  for (let step = 0; step < 2; step++) await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Collapse block 2 of model" }).waitFor();
  await page.keyboard.press("Escape");
  await runCommand(page, "Collapse all blocks");
});

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  it.each([
    [1440, 900],
    [1024, 700],
  ])("at %i x %i rows are accessible", async (width, height) => {
    const { page, app } = launched;
    await setSize(app, page, width, height);
    await setTheme(page, theme);
    await page.getByRole("combobox", { name: "Colour" }).selectOption(theme === "dark" ? "latency" : "none");
    await runCommand(page, "Fit the graph");
    for (const name of ["on", "off"]) {
      await keepScreenshot(page, `rows-${name}-${width}-${theme}`);
      expect(await seriousFaults(page)).toEqual([]);
      await networkSwitch("small").click();
    }
    expect(launched.errors).toEqual([]);
  });
});
