import { afterAll, beforeAll, expect, it } from "vitest";
import { shared } from "../testing/command-line.ts";
import { seriousFaults } from "./testing/accessibility.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { keepInAllLooks } from "./testing/looks.ts";
import { stage } from "./testing/window.ts";

let launched: LaunchedApp;

beforeAll(async () => {
  launched = await launchApp({ args: [shared("model.onnx")] });
});
afterAll(() => launched.close());

const ideas = [
  ["Data", /^Images are kept apart, so that what is reported was never chosen on\.$/],
  ["Heads", /^A head is a small classifier at a cut point of the network/],
  ["Profile", /^What an exit saves depends on the machine/],
  ["Search", /^A search weighs accuracy against latency/],
  ["Export", /^Writes the live plan as files that run without Offramp/],
] as const;

/** Said beside a picture. */
const said = (text: RegExp) =>
  launched.page.locator("div:has(> svg, > div > svg) > p").filter({ hasText: text });

it.each(ideas)("says the one idea of the %s panel beside a picture", async (name, text) => {
  const { page } = launched;
  // A new model opens the data panel by itself.
  if (name !== "Data") await stage(page, name).click();
  await page.getByRole("region", { name }).waitFor();
  await said(text).waitFor();
});

it("does so in the views below the graph and in the inspector", async () => {
  const { page } = launched;
  await said(/^This chart shows accuracy against latency of every plan/).waitFor();
  await said(/^Every plan that a search or a fixed scheme finds is listed here/).waitFor();
  await page.getByRole("tab", { name: "Parallel" }).click();
  await said(/^Each plan is a line across its figures/).waitFor();
  await page.getByRole("tab", { name: "Pinned" }).click();
  await said(/^Keep up to \d plans here/).waitFor();
  await stage(page, "Export").click();
  await said(/^Every change to the plan shows its accuracy/).waitFor();
  expect(await seriousFaults(page)).toEqual([]);
  await keepInAllLooks(launched, "empty");
  expect(launched.errors).toEqual([]);
});
