import { cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder, shared } from "../testing/command-line.ts";
import { classNames } from "../testing/gratings.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { choosePaths, stage } from "./testing/window.ts";

/** A backbone is tried under many orders of its classes and images. */
const checkMs = 60_000;

let launched: LaunchedApp;
let folder: string;

beforeAll(async () => {
  folder = await newFolder();
  // Numbers whose order by value is the model's, which isn't that of their spelling.
  for (const part of ["train", "val", "test"]) {
    await mkdir(join(folder, "numbered", part), { recursive: true });
    for (const [index, name] of ["1", "2", "10", "20"].entries())
      await cp(shared("data", part, classNames[index]), join(folder, "numbered", part, name), {
        recursive: true,
      });
  }
  launched = await launchApp({ args: [shared("model.onnx")] });
});
afterAll(() => launched.close());

const dataPanel = () => launched.page.getByRole("region", { name: "Data" });
const accuracy = async () => {
  const text = await dataPanel()
    .getByText(/calibration images\.$/)
    .innerText();
  return Number(/(\d+\.\d)/.exec(text)![1]);
};

it("says a mean beyond the scaled pixels at its field", async () => {
  const { page } = launched;
  await dataPanel().getByLabel("Mean").fill("123.675");
  await page.keyboard.press("Enter");
  await dataPanel()
    .getByText(/^123\.675 is beyond the scaled pixels' range, 0 to 1/)
    .waitFor();
  expect(await dataPanel().getByLabel("Mean").getAttribute("aria-invalid")).toBe("true");
  await dataPanel().getByLabel("Mean").fill("0.5");
  await dataPanel().getByLabel("Standard deviation").fill("0.25");
  await page.keyboard.press("Enter");
  expect(await dataPanel().getByLabel("Mean").getAttribute("aria-invalid")).toBe("false");
});

it("says what to set of a wrong size in its own words, and lists the layouts where there is no data set", async () => {
  await writeFile(join(folder, "notes.txt"), "hello");
  await choosePaths(launched.app, join(folder, "notes.txt"));
  await dataPanel().getByRole("button", { name: "Choose file…" }).click();
  await dataPanel()
    .getByRole("alert")
    .filter({
      hasText: /notes\.txt: no data set found, it is a single file of another kind; choose what has one of/,
    })
    .waitFor();
  await dataPanel().getByText("Layouts of data sets").click();
  expect(await dataPanel().getByLabel("Layouts of data sets").locator("dt").first().innerText()).toBe(
    "Image folder",
  );
  await choosePaths(launched.app, shared("data"));
  await dataPanel().getByLabel("Resize (px)").fill("20");
  await dataPanel().getByRole("button", { name: "Choose folder…" }).click();
  await dataPanel()
    .getByRole("alert")
    .filter({ hasText: /after preprocessing 20x20, but .*; set Resize or Centre crop in the Data panel$/ })
    .waitFor();
  await dataPanel().getByLabel("Resize (px)").fill("");
  await launched.page.keyboard.press("Enter");
});

it("offers the order of the classes that the backbone does far better with, and takes it", async () => {
  await choosePaths(launched.app, join(folder, "numbered"));
  await dataPanel().getByRole("button", { name: "Choose folder…" }).click();
  await dataPanel()
    .getByText("Classes sorted by name, as torchvision and Keras sort folders: 1, 10, 2, 20.")
    .waitFor();
  await dataPanel()
    .getByText(/^classes sorted by number \(1, 2, 10, 20\): [89]\d\.\d/)
    .waitFor({ timeout: checkMs });
  expect(await accuracy()).toBeLessThan(60);
  await keepScreenshot(launched.page, "data-check");
  await dataPanel().getByRole("button", { name: "Use it" }).click();
  await dataPanel().getByText("Classes in the order of the list that was offered: 1, 2, 10, 20.").waitFor();
  expect(await accuracy()).toBeGreaterThan(75);
  await expect.poll(() => dataPanel().getByText("Checking the backbone").count()).toBe(0);
  expect(await dataPanel().getByRole("button", { name: "Use it" }).count()).toBe(0);
});

const dialog = () => launched.page.getByRole("dialog", { name: "Class order" });
const effect = () => dialog().getByLabel("What the order does").innerText();
/** Right in the order that the dialog shows, in per cent. */
const rightThen = async () => Number(/(\d+\.\d)\s% right in this order/.exec(await effect())![1]);

it("puts classes in order by pointer and keys, with the effect at once, by a file, and as the answers say", async () => {
  const { page } = launched;
  await choosePaths(launched.app, join(folder, "numbered"));
  await dataPanel().getByRole("button", { name: "Choose folder…" }).click();
  await dataPanel()
    .getByText(/^Classes sorted by name/)
    .waitFor();
  const now = await accuracy();
  await dataPanel().getByRole("button", { name: "Class order…" }).click();
  const rows = dialog().getByRole("option");
  expect(await rows.first().getAttribute("aria-label")).toMatch(/^score 0, class 1, right on \d+ of \d+$/);
  expect(await rightThen()).toBe(now);
  // Of 1, 10, 2, 20 the model has 2 second: a step up by keys, after going there by its name.
  await page.keyboard.press("Home");
  await page.keyboard.type("2");
  await page.keyboard.press("Alt+ArrowUp");
  const right = await rightThen();
  expect(right).toBeGreaterThan(75);
  expect(await effect()).toContain("2 of 4 classes stand elsewhere");
  await keepScreenshot(page, "class-order");
  await dialog().getByRole("button", { name: "Reset" }).click();
  expect(await rightThen()).toBe(now);
  const [from, to] = [(await rows.nth(2).boundingBox())!, (await rows.nth(1).boundingBox())!];
  await page.mouse.move(from.x + 80, from.y + 14);
  await page.mouse.down();
  await page.mouse.move(to.x + 80, to.y + 14, { steps: 6 });
  await page.mouse.up();
  // Keys go on where the pointer was.
  expect(await page.evaluate(() => document.activeElement?.role)).toBe("listbox");
  expect(await rightThen()).toBe(right);
  await dialog().getByRole("button", { name: "Reset" }).click();
  await dialog().getByRole("button", { name: "Detected order" }).click();
  expect(await rightThen()).toBe(right);
  await writeFile(join(folder, "short.txt"), "1\n2\n");
  await choosePaths(launched.app, join(folder, "short.txt"));
  await dialog().getByRole("button", { name: "From file…" }).click();
  await dialog().getByRole("alert").filter({ hasText: "lists 2 classes, expected the 4" }).waitFor();
  await writeFile(join(folder, "order.json"), JSON.stringify({ 0: "1", 1: "2", 2: "10", 3: "20" }));
  await choosePaths(launched.app, join(folder, "order.json"));
  await dialog().getByRole("button", { name: "From file…" }).click();
  await dialog().getByRole("alert").waitFor({ state: "detached" });
  expect(await rightThen()).toBe(right);
  await dialog().getByRole("button", { name: "Use this order" }).click();
  await dataPanel()
    .getByText(/^Classes in the order of .*order\.json: 1, 2, 10, 20\.$/)
    .waitFor();
  expect(await accuracy()).toBe(right);
});

it("takes a list of classes, asks to insist on one under which the backbone guesses, and drops it", async () => {
  await writeFile(join(folder, "turned.txt"), "1\n10\n20\n2\n");
  await choosePaths(launched.app, join(folder, "turned.txt"));
  await dataPanel().getByRole("button", { name: "Class order…" }).click();
  await dialog().getByRole("button", { name: "From file…" }).click();
  await dialog().getByRole("button", { name: "Use this order" }).click();
  await dataPanel()
    .getByText(/^Classes in the order of .*turned\.txt: 1, 10, 20, 2\.$/)
    .waitFor();
  await dataPanel().getByLabel("Train all the same").waitFor({ timeout: checkMs });
  await dataPanel()
    .getByText(/which is no better than guessing \(25\.0\s%\)\.$/)
    .waitFor();
  await dataPanel().getByRole("button", { name: "Without the list" }).click();
  await dataPanel()
    .getByText(/^Classes sorted by name/)
    .waitFor();
  expect(launched.errors).toEqual([]);
});

it("is no longer done when its folder has gone, and is when it is back", async () => {
  const { page } = launched;
  await stage(page, "Data done").waitFor();
  await rename(join(folder, "numbered"), join(folder, "away"));
  await stage(page, "Data needs you").waitFor();
  await dataPanel().getByRole("alert").filter({ hasText: "It isn't there any more" }).waitFor();
  expect(await page.getByRole("button", { name: "Dismiss" }).count()).toBe(0);
  await keepScreenshot(page, "data-gone");
  await rename(join(folder, "away"), join(folder, "numbered"));
  await stage(page, "Data done").waitFor();
  expect(await dataPanel().getByRole("alert").count()).toBe(0);
});
