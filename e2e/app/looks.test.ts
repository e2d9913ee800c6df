import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { exits, openSample, runCommand, showLivePlan, stage } from "./testing/window.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
});
afterAll(() => launched.close());

/** Views and how to come to them, each from the one before. */
const views: readonly { name: string; show(): Promise<void> }[] = [
  { name: "live-plan", show: () => showLivePlan(launched.page) },
  {
    name: "exit",
    show: async () => {
      await exits(launched.page).nth(1).click();
      await launched.page.getByRole("heading", { name: /^Exit 2/ }).waitFor();
      await launched.page
        .getByRole("img", { name: /true|right|leave/i })
        .first()
        .waitFor({ timeout: 5000 })
        .catch(() => {});
    },
  },
  ...["Model", "Data", "Heads", "Profile", "Search"].map((name) => ({
    name: name.toLowerCase(),
    show: async () => {
      await stage(launched.page, name).click();
      await launched.page.getByRole("region", { name, exact: true }).waitFor();
    },
  })),
  { name: "export", show: () => dialog("Export…") },
  { name: "compare", show: () => dialog("Compare plans") },
  { name: "shortcuts", show: () => dialog("Keyboard shortcuts") },
  { name: "settings", show: () => dialog("Settings") },
  { name: "about", show: () => dialog("About Offramp") },
];

async function dialog(command: string): Promise<void> {
  await closeDialog();
  await runCommand(launched.page, command);
  await launched.page.getByRole("dialog").waitFor();
}

async function closeDialog(): Promise<void> {
  await launched.page.keyboard.press("Escape");
  await launched.page.getByRole("dialog").waitFor({ state: "detached" });
}

async function setTheme(theme: "light" | "dark"): Promise<void> {
  await runCommand(launched.page, `Theme: ${theme}`);
  await expect.poll(() => launched.page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
}

async function setSize(width: number, height: number): Promise<void> {
  await launched.app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0].setContentSize(size.width, size.height),
    { width, height },
  );
  await expect.poll(() => launched.page.evaluate(() => window.innerWidth)).toBe(width);
}

/** Faults that axe calls serious or critical, with where they are. */
async function seriousFaults(): Promise<string[]> {
  const { page } = launched;
  // The content security policy keeps scripts out of the page; a debugger is no page.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map(({ target }) => target.join(" "))
          .slice(0, 4)
          .join(", ")}`,
    );
}

/** Elements whose text is wider than they are and that don't say so by an ellipsis. */
async function cutTexts(): Promise<string[]> {
  return launched.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, label, th, dt, h1, h2, h3, [role=tab]")]
      .filter((element) => element.offsetParent && element.clientWidth > 0)
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => {
        const style = getComputedStyle(element);
        return style.overflow !== "visible" && style.textOverflow !== "ellipsis";
      })
      .map((element) => element.innerText.slice(0, 60)),
  );
}

/** Lists and keys that nothing gives a look of ours, so that the browser's shows. */
async function bareElements(): Promise<string[]> {
  return launched.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("ul, ol, kbd")]
      .filter((element) => element.offsetParent)
      .filter((element) => {
        const { fontFamily, paddingInlineStart } = getComputedStyle(element);
        return element.tagName === "KBD" ? fontFamily === "monospace" : paddingInlineStart === "40px";
      })
      .map((element) => `${element.tagName} ${element.innerText.slice(0, 40)}`),
  );
}

it("the welcome view has no serious fault", async () => {
  expect(await seriousFaults()).toEqual([]);
  await keepScreenshot(launched.page, "welcome");
  await openSample(launched.page);
});

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  it.each([
    [1440, 900],
    [1024, 700],
  ])("at %i x %i every view is accessible and whole", async (width, height) => {
    await setSize(width, height);
    await setTheme(theme);
    const faults: string[] = [];
    await closeDialog();
    for (const { name, show } of views) {
      await show();
      await keepScreenshot(launched.page, `${name}-${width}-${theme}`);
      for (const fault of await seriousFaults()) faults.push(`${name}: ${fault}`);
      for (const text of await cutTexts()) faults.push(`${name}: cut off: ${text}`);
      for (const element of await bareElements())
        faults.push(`${name}: looks as the browser has it: ${element}`);
    }
    expect(faults).toEqual([]);
  });
});
