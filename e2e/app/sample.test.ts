import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { formatPercent, formatSignedMs, formatSignedPoints } from "../../shared/base/format-number.ts";
import { frontFileSchema } from "../../shared/files/front-file.ts";
import { newFolder, offramp } from "../testing/command-line.ts";
import { expectFigures, figuresOf } from "./testing/figures.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import {
  choosePaths,
  copiedPlan,
  exits,
  liveFigures,
  openSample,
  runCommand,
  setSize,
  showLivePlan,
} from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp({ size: { width: 1440, height: 900 } });
  await openSample(launched.page);
});
afterAll(() => launched.close());

it("opens already explored, with the figures that the command line finds", async () => {
  const { app, page } = launched;
  const folder = await newFolder();
  const { code, stderr } = await offramp([
    "search",
    samplePath,
    "--max-drop",
    "0.5",
    "--no-compare",
    "-o",
    folder,
  ]);
  expect(code, stderr).toBe(0);
  const front = frontFileSchema.parse(JSON.parse(await readFile(join(folder, "front.json"), "utf8")));
  expect((await copiedPlan(app, page)).exits).toEqual(front.recommended.exits);
  await showLivePlan(page);
  expectFigures(await liveFigures(page), front.recommended.figures);
  await expect.poll(() => exits(page).count()).toBe(front.recommended.exits.length);
  for (const [index, rate] of front.recommended.figures.exitRates.slice(0, -1).entries())
    expect(await exits(page).nth(index).getAttribute("aria-label")).toContain(
      `${formatPercent(rate)} of the samples leave here`,
    );
});

it("takes any plan of the front, and shows that plan's figures", async () => {
  const { app, page } = launched;
  await page.getByRole("application", { name: /^Accuracy against/ }).focus();
  for (let step = 0; step < 3; step++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await showLivePlan(page);
  const plan = await copiedPlan(app, page);
  expectFigures(await liveFigures(page), await figuresOf(samplePath, plan));
});

const table = () => launched.page.getByRole("grid", { name: "Plans" });
const liveRow = () => table().getByRole("row", { selected: true });
const headings = async () =>
  (await table().getByRole("columnheader").allInnerTexts()).map((text) => text.trim().split("\n")[0]);

it("the table opens at the live plan's row, follows it, and says all who found it", async () => {
  const { page } = launched;
  await runCommand(page, "Take the best plan");
  await expect.poll(() => liveRow().isVisible()).toBe(true);
  await liveRow().getByText("you").waitFor();
  expect(await liveRow().innerText()).toMatch(/Our front, Pareto local search/);
  await runCommand(page, "Remove every exit");
  await table().evaluate((grid) => grid.parentElement?.scrollTo({ top: 0 }));
  await expect.poll(() => liveRow().count()).toBe(0);
  await runCommand(page, "Take the best plan");
  await expect.poll(() => liveRow().isVisible()).toBe(true);
});

/** Cells that reach out of what shows them. */
const cutOff = (pane: Locator) =>
  pane.evaluate((element) => {
    const edge = element.getBoundingClientRect().right;
    return [...element.querySelectorAll("td")]
      .filter((cell) => cell.getBoundingClientRect().right > edge)
      .map(({ innerText }) => innerText);
  });

it("columns are chosen and moved by mouse and keys, what matters first is in sight, and it all stays", async () => {
  const { app, page } = launched;
  expect((await headings()).slice(0, 6)).toEqual(["Series", "Change", "Mean", "Speed-up", "p95", "Exits at"]);
  const right = async (name: RegExp) => {
    const box = (await table().getByRole("columnheader", { name }).boundingBox())!;
    return box.x + box.width;
  };
  const edge = async () => {
    const box = (await table().locator("xpath=..").boundingBox())!;
    return box.x + box.width;
  };
  expect(await right(/^Exits at/)).toBeLessThan(await edge());
  await setSize(app, page, 1024, 700);
  await expect.poll(async () => (await right(/^p95 ms/)) < (await edge()) - 60).toBe(true);
  expect(await cutOff(page.getByRole("complementary", { name: "Inspector" }))).toEqual([]);
  await setSize(app, page, 1440, 900);

  await table().getByRole("button", { name: "Speed-up" }).focus();
  await page.keyboard.press("Alt+ArrowLeft");
  await expect.poll(headings).toEqual(expect.arrayContaining(["Speed-up", "Mean"]));
  expect((await headings()).slice(1, 4)).toEqual(["Change", "Speed-up", "Mean"]);
  const from = (await table().getByRole("button", { name: "Change" }).boundingBox())!;
  const to = (await table().getByRole("button", { name: "Mean" }).boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
  await page.mouse.up();
  await expect.poll(async () => (await headings()).slice(1, 4)).toEqual(["Speed-up", "Mean", "Change"]);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "p50 latency" }).click();
  await page.getByRole("menuitemcheckbox", { name: "MACs" }).click();
  await keepScreenshot(page, "table-columns");
  await page.keyboard.press("Escape");
  await expect.poll(headings).toContain("p50");
  expect(await headings()).not.toContain("MACs");
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitem", { name: "Usual columns and order" }).click();
  await expect.poll(async () => (await headings()).slice(1, 3)).toEqual(["Change", "Mean"]);
  expect(await headings()).not.toContain("p50");
});

it("plans are filtered by every column and by the use case, and the file has those that are left, whole", async () => {
  const { app, page } = launched;
  const count = async () =>
    Number(
      /^(\d+)/.exec(
        await page
          .getByText(/\d+( of \d+)? plans$/)
          .last()
          .innerText(),
      )![1],
    );
  const all = await count();
  await page.getByRole("button", { name: "Only plans that meet the use case" }).click();
  await expect.poll(count).toBeLessThan(all);
  const meeting = await count();
  await page.getByRole("button", { name: "Filter by column" }).click();
  await page.getByLabel("Filter Against backbone").fill("-0.5");
  // The use case is that drop and no other limit.
  await expect.poll(count).toBe(meeting);
  await page.getByLabel("Filter Mean latency").fill("0.06 ms");
  await expect.poll(count).toBeLessThan(meeting);
  await page.getByLabel("Filter Series").fill("local");
  await page.getByLabel("Filter Networks").fill("small model");
  const left = await count();
  expect(left).toBeGreaterThan(0);
  for (const row of await table().locator("tbody").getByRole("row").all())
    expect(await row.innerText()).toMatch(/Pareto local search/);
  await keepScreenshot(page, "table-filters");
  const path = join(await newFolder(), "plans.csv");
  await choosePaths(app, path);
  await page.getByRole("button", { name: "Export these plans as CSV…" }).click();
  const saved = await expect
    .poll(() => readFile(path, "utf8").catch(() => ""))
    .toContain("\r\n")
    .then(() => readFile(path, "utf8"));
  const [header, ...lines] = saved.trim().split("\r\n");
  expect(header).toContain("p50_latency_ms");
  expect(lines).toHaveLength(left);
  for (const line of lines) {
    expect(line).toContain("Pareto local search");
    const [, change, mean] = line.split(",");
    expect(Number(change)).toBeGreaterThan(-0.5001);
    expect(Number(mean)).toBeLessThanOrEqual(0.06);
  }
  await page.getByLabel("Filter Mean latency").fill("quick");
  await expect.poll(() => page.getByLabel("Filter Mean latency").getAttribute("aria-invalid")).toBe("true");
  await page.getByRole("button", { name: /^\d+ of \d+ ?plans/ }).click();
  await expect.poll(count).toBe(all);
  await page.getByRole("button", { name: "Filter by column" }).click();
});

it("a plan that is pointed at shows what it misses and every figure, and each exit what it brings", async () => {
  const { app, page } = launched;
  await runCommand(page, "Take the best plan");
  await page.getByRole("application", { name: /^Accuracy against/ }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowLeft");
  const tip = page.getByRole("status").filter({ hasText: "Speed-up" });
  await tip.getByText(/accuracy drop ≤ 0\.50 pp missed by \d\.\d\d pp/).waitFor();
  for (const title of ["Change", "Mean", "p50", "p95", "Worst", "Early", "MACs", "Size", "Kept"])
    await tip.getByText(title, { exact: true }).waitFor();
  await keepScreenshot(page, "plan-tooltip");
  await page.keyboard.press("Escape");

  await showLivePlan(page);
  const plan = await copiedPlan(app, page);
  const figures = await figuresOf(samplePath, plan);
  const without = await figuresOf(samplePath, { ...plan, exits: plan.exits.slice(0, -1) });
  const rows = page.getByRole("table").filter({ hasText: "without exit" }).locator("tbody").getByRole("row");
  await expect.poll(() => rows.count()).toBe(plan.exits.length);
  const cells = await rows.last().getByRole("cell").allInnerTexts();
  expect(cells[0]).toBe(formatSignedPoints(100 * (without.accuracy - figures.accuracy)));
  expect(cells[1]).toContain(formatSignedMs(without.latencyMs.mean - figures.latencyMs.mean));
  await rows.last().scrollIntoViewIfNeeded();
  await keepScreenshot(page, "exit-importance");
});

it("says nothing in the console that a developer would have to look at", async () => {
  await runCommand(launched.page, "Keyboard shortcuts");
  await launched.page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  expect(launched.errors).toEqual([]);
});
