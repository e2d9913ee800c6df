import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seriousFaults } from "./testing/accessibility.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { exits, openSample, runCommand, setSize, setTheme, showLivePlan, stage } from "./testing/window.ts";

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

/** Texts on the chart that stand on each other, or outside of it: names, limits, ticks and titles. */
async function collidingTexts(): Promise<string[]> {
  // A dialog hides the chart from the tree of roles, not from the eye.
  return launched.page.locator("section[aria-label='Pareto chart']").evaluate((chart) => {
    const edge = chart.getBoundingClientRect();
    const texts = [...chart.querySelectorAll<SVGTextElement>("svg text")]
      .filter(({ textContent }) => textContent !== "")
      .map((text) => ({ words: text.textContent, area: text.getBoundingClientRect() }));
    // Boxes of letters are a little higher than letters are.
    const slack = 2;
    const outside = texts
      .filter(({ area }) => area.left < edge.left - 1 || area.right > edge.right + 1)
      .map(({ words }) => `outside: ${words}`);
    const onEachOther = texts.flatMap(({ words, area }, index) =>
      texts
        .slice(index + 1)
        .filter(({ area: other }) => {
          const across = Math.min(area.right, other.right) - Math.max(area.left, other.left);
          const down = Math.min(area.bottom, other.bottom) - Math.max(area.top, other.top);
          return across > slack && down > slack;
        })
        .map((other) => `${words} on ${other.words}`),
    );
    return [...outside, ...onEachOther];
  });
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
  expect(await seriousFaults(launched.page)).toEqual([]);
  await keepScreenshot(launched.page, "welcome");
  await openSample(launched.page);
  await crowdChart();
});

/** As many names and limits as a chart may have, close to each other. */
async function crowdChart(): Promise<void> {
  const { page } = launched;
  await runCommand(page, "Pin the plan");
  await page.getByRole("button", { name: /^Use case drop/ }).click();
  await page.getByLabel("Latency budget (ms)").fill("0.08");
  await page.getByLabel("Least accuracy (%)").fill("93.2");
  await page.getByLabel("Largest worst-case latency (ms)").fill("0.5");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Use case .*93\.20 %/ }).waitFor();
}

describe.each(["light", "dark"] as const)("in %s", (theme) => {
  it.each([
    [1440, 900],
    [1024, 700],
  ])("at %i x %i every view is accessible and whole", async (width, height) => {
    await setSize(launched.app, launched.page, width, height);
    await setTheme(launched.page, theme);
    const faults: string[] = [];
    await closeDialog();
    for (const { name, show } of views) {
      await show();
      await keepScreenshot(launched.page, `${name}-${width}-${theme}`);
      for (const fault of await seriousFaults(launched.page)) faults.push(`${name}: ${fault}`);
      for (const text of await collidingTexts()) faults.push(`${name}: ${text}`);
      for (const text of await cutTexts()) faults.push(`${name}: cut off: ${text}`);
      for (const element of await bareElements())
        faults.push(`${name}: looks as the browser has it: ${element}`);
    }
    expect(faults).toEqual([]);
  });
});
