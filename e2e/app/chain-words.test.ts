import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatPercent } from "../../shared/base/format-number.ts";
import { type FrontFile, frontFileSchema } from "../../shared/files/front-file.ts";
import { type Summary, summarySchema } from "../../shared/files/summary.ts";
import { offrampJson, ownFolder, readJson, smallRun } from "../testing/command-line.ts";
import { gratings } from "../testing/gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "../testing/small-network.ts";
import { imagesPerClass, trainSeed } from "../testing/workspace.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { runCommand, showLivePlan } from "./testing/window.ts";

const own = ownFolder();

let launched: LaunchedApp;
let summary: Summary;
let front: FrontFile;

beforeAll(async () => {
  const train = gratings(imagesPerClass.train, trainSeed);
  const [big, small] = ["stripes_big", "stripes_small"].map((name) => own.path(`${name}.onnx`));
  await writeSmallNetwork(big, train);
  // So small that plans through it are far ahead of those of the backbone alone, on any machine.
  await writeSmallNetwork(small, train, { ...defaultNetwork, blocks: 1, channels: 12, seed: 6 });
  const out = own.path("run");
  const args = [...smallRun(out, big), "--member", small, "--max-drop", "0"];
  summary = await offrampJson(args, summarySchema);
  front = await readJson(own.path("run", "front.json"), frontFileSchema);
  launched = await launchApp({
    args: [own.path("run", "project.offramp")],
    size: { width: 1440, height: 900 },
  });
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(() => launched.close());

async function setSize(width: number, height: number): Promise<void> {
  await launched.app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => launched.page.evaluate(() => window.innerWidth)).toBe(width);
}

/** Cells of the inspector's table of networks, by the network. */
async function networkCells(page: Page): Promise<Record<string, string[]>> {
  const table = page
    .getByRole("complementary", { name: "Inspector" })
    .getByRole("table")
    .filter({ hasText: "sees" });
  const found: Record<string, string[]> = {};
  for (const group of await table.locator("tbody").all())
    found[await group.locator("th bdi").innerText()] = await group.locator("td").allInnerTexts();
  return found;
}

/** Share of the calibration images that the small network answers by the plan of the search. */
function answeredBySmall(): number {
  const { exits, figures } = front.recommended;
  return exits.reduce((sum, { member }, index) => sum + (member ? figures.exitRates[index] : 0), 0);
}

it("the inspector says what each network of the live plan sees, answers and takes", async () => {
  const { page } = launched;
  const [big, small] = summary.networks!;
  expect(front.recommended.chain).toEqual([small.sha256, big.sha256]);
  await showLivePlan(page);
  const answered = answeredBySmall();
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThan(1);
  const cells = await networkCells(page);
  expect(Object.keys(cells)).toEqual(["small", "big"]);
  expect(cells.small.slice(0, 2)).toEqual([formatPercent(1), formatPercent(answered)]);
  expect(cells.big.slice(0, 2)).toEqual([formatPercent(1 - answered), formatPercent(1 - answered)]);
  const verdict = page.getByRole("list", { name: "Verdict" });
  await verdict.getByText(/^stripes_small answers .* of the inputs, stripes_big the rest\.$/).waitFor();
  // By itself the small one is faster, and less accurate: no reason to do without the chain.
  expect(await verdict.innerText()).not.toContain("Take it alone");
});

it("an exit says which network it is of, the network's own output as well", async () => {
  const { page } = launched;
  const inspector = page.getByRole("complementary", { name: "Inspector" });
  const isOutput = front.recommended.exits.map(({ head }) => head === "output");
  await inspector.getByRole("button", { name: /^1/ }).filter({ hasText: "≥" }).click();
  await inspector.getByRole("heading", { name: "Exit 1" }).waitFor();
  for (const [index, output] of isOutput.entries()) {
    const { member } = front.recommended.exits[index];
    const name = member ? "small" : "big";
    await inspector
      .getByText(output ? `at the output of ${name}` : new RegExp(`^after .* of ${name}$`))
      .waitFor();
    await keepScreenshot(page, `chain-exit-${index + 1}`);
    if (index + 1 < isOutput.length) await inspector.getByRole("button", { name: "Next exit" }).click();
  }
  expect(isOutput).toContain(true);
});

it("chart and table name the networks of every plan", async () => {
  const { page } = launched;
  const legend = page.getByRole("list", { name: "Series on the chart" });
  await legend.getByText("through other networks").waitFor();
  await legend.getByRole("button", { name: "Networks alone" }).waitFor();
  const chart = page.getByRole("application", { name: /^Accuracy against/ });
  // By itself it is far less accurate than what is compared.
  await page.getByRole("button", { name: "Fit all plans" }).click();
  await expect.poll(() => page.locator("svg text").allTextContents()).toContain("small");
  await keepScreenshot(page, "chain-all-plans");
  await page.getByRole("button", { name: "Fit to the front" }).click();

  await chart.focus();
  await page.keyboard.press("ArrowRight");
  const tip = page.getByRole("status").filter({ hasText: "Speed-up" });
  expect(await tip.innerText()).toMatch(/Networks\s+small \d+ %, big \d+ %/);
  await keepScreenshot(page, "chain-tooltip");
  await page.keyboard.press("Escape");

  const plans = page.getByRole("grid", { name: "Plans" });
  const networks = plans.getByRole("columnheader", { name: "Networks" });
  await networks.getByRole("button").click();
  const first = () => plans.getByRole("row").nth(1).getByRole("gridcell").nth(6).innerText();
  await expect.poll(first).toBe("big");
  await networks.getByRole("button").click();
  await expect.poll(first).toBe("small → big");
  await plans.getByRole("columnheader", { name: "Series" }).getByRole("button").click();
});

it("the comparison sets the plans' exits under their networks", async () => {
  const { page } = launched;
  await runCommand(page, "Compare plans");
  const dialog = page.getByRole("dialog");
  const row = (name: string) =>
    dialog.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  expect(await row("Networks").getByRole("cell").allInnerTexts()).toEqual(["small → big", "big"]);
  expect(await row("small").getByRole("cell").allInnerTexts()).toEqual([
    `answers ${formatPercent(answeredBySmall())}`,
    "–",
  ]);
  expect((await row("big").getByRole("cell").allInnerTexts())[1]).toBe("answers 100.0 %");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

it("the export says that its files hold two networks", async () => {
  const { page } = launched;
  await runCommand(page, "Export…");
  const dialog = page.getByRole("dialog");
  await dialog
    .getByText(/^A sample goes through stripes_small, then stripes_big: deployable files hold 2 networks/)
    .waitFor();
  await dialog.getByText("at the output of small").waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  it.each([
    [1440, 900],
    [1024, 700],
  ])("at %i x %i all of it is shown", async (width, height) => {
    const { page } = launched;
    await runCommand(page, `Theme: ${theme}`);
    await setSize(width, height);
    await showLivePlan(page);
    const networks = page.getByRole("button", { name: /^Networks/ }).and(page.locator("[aria-expanded]"));
    await keepScreenshot(page, `chain-plan-${width}-${theme}`);
    await networks.scrollIntoViewIfNeeded();
    await page.getByRole("button", { name: "Take recommended" }).scrollIntoViewIfNeeded();
    await keepScreenshot(page, `chain-networks-${width}-${theme}`);
    await page.getByRole("tab", { name: "Parallel" }).click();
    await keepScreenshot(page, `chain-parallel-${width}-${theme}`);
    await page.getByRole("tab", { name: "Table" }).click();
    await runCommand(page, "Compare plans");
    await page.getByRole("dialog").waitFor();
    await keepScreenshot(page, `chain-compare-${width}-${theme}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(launched.errors).toEqual([]);
  });
});
