import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { writeTunedProject } from "../../electron/engine/stages/testing/tuned-project.ts";
import { finishedRun, shared } from "../testing/command-line.ts";
import { appSession, keepScreenshot } from "./testing/launch.ts";
import {
  copiedPlan,
  exportVerified,
  graph,
  runCommand,
  setSize,
  setTheme,
  showLivePlan,
  stage,
} from "./testing/window.ts";

const session = appSession();
let folder: string;
let path: string;
let tuned: string;

/** A finished run whose backbone has a twin with better heads. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-tuned-"));
  path = join(folder, "net.offramp");
  await writeTunedProject((await finishedRun()).project, path, shared("cache"));
  tuned = (await openProject(path)).members[0].backbone.summary.sha256;
  await session.start({ args: [path], size: { width: 1440, height: 900 } });
  await graph(session.page).waitFor();
  await session.page.getByText("engine ready").waitFor();
}, 180_000);
afterAll(async () => {
  await session.end();
  await rm(folder, { recursive: true, force: true });
});

const panel = (name: string) => session.page.getByRole("region", { name, exact: true });

it("no target has to be profiled again, and a search shows what there was before tuning behind what there is", async () => {
  const { page } = session;
  await expect.poll(() => stage(page, "Profile").innerText()).toMatch(/done/);
  await stage(page, "Search").click();
  await panel("Search").getByLabel("Compare with the other algorithms").uncheck();
  await panel("Search").getByRole("button", { name: /^Run/ }).click();
  await expect
    .poll(() => stage(page, "Search").innerText(), { timeout: 120_000, interval: 500 })
    .toMatch(/done/);
  const legend = page.getByRole("list", { name: "Series on the chart" });
  expect(await legend.getByRole("button").allInnerTexts()).toEqual(
    expect.arrayContaining(["Our front", "Frozen"]),
  );
  await panel("Search").getByText("Speed-up over the backbone").scrollIntoViewIfNeeded();
  const [frozen, own] = await panel("Search")
    .getByRole("row", { name: /^0\.50 pp/ })
    .getByRole("cell")
    .allInnerTexts()
    .then((cells) => cells.slice(1, 3).map(Number.parseFloat));
  expect(own).toBeGreaterThan(frozen);
  expect(frozen).toBeGreaterThan(1);
  await panel("Search")
    .getByText(/It goes through model tuned\. Without tuned networks the best plan is/)
    .waitFor();
  await keepScreenshot(page, "tuned-search");
  await setTheme(page, "dark");
  await keepScreenshot(page, "tuned-search-dark");
  await setTheme(page, "light");
});

it("plans of either are taken: one goes through the tuned network alone, the other through the backbone", async () => {
  const { app, page } = session;
  await runCommand(page, "Take the best plan");
  await expect.poll(async () => (await copiedPlan(app, page)).chain).toEqual([tuned]);
  await showLivePlan(page);
  await keepScreenshot(page, "tuned-live-plan");
  const table = page.getByRole("grid", { name: "Plans" });
  const ofFrozen = table.getByRole("row", { name: /^Frozen/ });
  await table.focus();
  for (let pages = 0; pages < 30 && (await ofFrozen.count()) < 2; pages++)
    await page.keyboard.press("PageDown");
  await ofFrozen.nth(1).click();
  await expect.poll(async () => (await copiedPlan(app, page)).chain).toBeUndefined();
  expect((await copiedPlan(app, page)).exits.every(({ member }) => member === undefined)).toBe(true);
  await setSize(app, page, 1024, 700);
  await keepScreenshot(page, "tuned-small-window");
  await setSize(app, page, 1440, 900);
});

it("on the graph the tuned network takes the backbone's place", async () => {
  const { app, page } = session;
  await graph(page).getByRole("switch", { name: "Plan goes through model tuned" }).click();
  await expect.poll(async () => (await copiedPlan(app, page)).chain).toEqual([tuned]);
  await keepScreenshot(page, "tuned-graph");
});

it("a report has both fronts, and speed-ups of both by what may be lost", async () => {
  const { app, page } = session;
  await runCommand(page, "Take the best plan");
  const out = join(folder, "out");
  await exportVerified(app, page, out);
  const report = await readFile(join(out, "report.html"), "utf8");
  expect(report).toContain("<h2>Frozen and tuned</h2>");
  expect(report).toContain("our front without tuned networks");
  expect(session.errors).toEqual([]);
});
