import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder, shared } from "../testing/command-line.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { keepInAllLooks } from "./testing/looks.ts";
import { exits, openByMenu, openSample } from "./testing/window.ts";

let launched: LaunchedApp;
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

/** Opens a file, expects to be told what is wrong in one line, and that the open project is as it was. */
async function expectRefusal(path: string, says: RegExp): Promise<void> {
  const { app, page } = launched;
  const placed = await exits(page).count();
  await openByMenu(app, path);
  const notice = page.getByRole("alert").filter({ hasText: says });
  await notice.first().waitFor();
  expect(await notice.first().innerText()).not.toMatch(/ at [\w/.]+:\d+|undefined|\[object/);
  expect(await page.getByRole("heading", { level: 1 }).innerText()).toMatch(/fashion-mnist/);
  expect(await exits(page).count()).toBe(placed);
  await notice.first().getByRole("button", { name: "Dismiss" }).click();
}

it("refuses what is no model, and keeps what is open", async () => {
  const picture = join(folder, "picture.onnx");
  await copyFile(join("assets", "icons", "512x512.png"), picture);
  await expectRefusal(picture, /picture\.onnx/);
  const empty = join(folder, "empty.onnx");
  await writeFile(empty, "");
  await expectRefusal(empty, /empty/);
});

it("says in short what is wrong, and the rest behind Details, until another file is opened", async () => {
  const { app, page } = launched;
  const path = join(folder, `${"a long name ".repeat(12)}.onnx`);
  await writeFile(path, "no model");
  await openByMenu(app, path);
  const notice = page.getByRole("alert").filter({ hasText: "a long name" });
  const details = notice.getByRole("button", { name: "Details" });
  await details.waitFor();
  const short = await notice.getByRole("paragraph").innerText();
  expect(short).toMatch(/…$/);
  expect(short.length).toBeLessThanOrEqual(131);
  await keepScreenshot(page, "notice-short");
  await details.click();
  await notice.getByText("not an ONNX model").waitFor();
  await keepInAllLooks(launched, "notice-details");
  await page.getByRole("alert").filter({ hasText: "a long name" }).waitFor();
});

it("refuses what is no project, a folder, and a file that is gone", async () => {
  const broken = join(folder, "broken.offramp");
  await writeFile(broken, "PK but no zip");
  await expectRefusal(broken, /broken\.offramp/);
  const directory = join(folder, "folder.onnx");
  await mkdir(directory);
  await expectRefusal(directory, /folder/);
  await expectRefusal(join(folder, "gone.onnx"), /gone\.onnx/);
});

it("tells that what was dropped is no file of this machine", async () => {
  const { page } = launched;
  await page.evaluate(() => {
    const dropped = new DataTransfer();
    dropped.items.add(new File(["no file on disk"], "made-up.onnx"));
    const target = document.querySelector("main, #root > *")!;
    for (const type of ["dragover", "drop"])
      target.dispatchEvent(new DragEvent(type, { dataTransfer: dropped, bubbles: true, cancelable: true }));
  });
  await page
    .getByRole("alert")
    .filter({ hasText: /is no file/ })
    .first()
    .waitFor();
});

it("opens a model that is one, in the same window", async () => {
  const { app, page } = launched;
  await openByMenu(app, shared("model.onnx"));
  await page.getByRole("heading", { level: 1, name: "model" }).waitFor();
  await page.getByRole("region", { name: "Data" }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
});
