import { cp, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { newFolder, shared } from "../testing/command-line.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { dragOver, graph } from "./testing/window.ts";

let launched: LaunchedApp;
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  launched = await launchApp();
  await launched.page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  await launched.page.getByText("The engine starts…").waitFor({ state: "detached" });
});
afterAll(() => launched.close());

const waiting = () => launched.page.getByRole("region", { name: "For the next model" });
const dataPanel = () => launched.page.getByRole("region", { name: "Data" });

it("keeps a data set for the model that is opened next, and says so before it is let go", async () => {
  const { page } = launched;
  const drop = await dragOver(launched, [shared("data")]);
  await page
    .getByText("A data set, as a folder or a file, waits for the model that is opened next.")
    .waitFor();
  await keepScreenshot(page, "dropping-welcome");
  await drop();
  await waiting().getByText(shared("data")).waitFor();
  await keepScreenshot(page, "dropping-waits");
});

it("gives it to the model that is dropped then", async () => {
  const { page } = launched;
  await (await dragOver(launched, [shared("model.onnx")]))();
  await page.getByRole("heading", { level: 1, name: "model" }).waitFor();
  await dataPanel().getByText(shared("data")).waitFor();
  await dataPanel()
    .getByText(/^Image folder, 4 classes/)
    .waitFor();
});

it("takes a data folder that is dropped on the graph as the data of the open model", async () => {
  const { page } = launched;
  const other = join(folder, "other images");
  await cp(shared("data", "test"), other, { recursive: true });
  await page.keyboard.press("Escape");
  await dataPanel().waitFor({ state: "detached" });
  const drop = await dragOver(launched, [other]);
  await page.getByText("A data set, as a folder or a file, becomes the data of model.").waitFor();
  await keepScreenshot(page, "dropping-data-1440");
  await drop();
  await dataPanel().getByText(other).waitFor();
  await dataPanel()
    .getByText(/^Image folder, 4 classes/)
    .waitFor();
});

it("takes a model, its data, a list of its classes and a profile at once", async () => {
  const { page } = launched;
  const list = join(folder, "order.txt");
  await writeFile(list, "vertical\nsteep\nhorizontal\ndiagonal\n");
  const profile = join(folder, "phone.json");
  await writeFile(profile, JSON.stringify({ format: "offramp-profile", version: 2, id: "none" }));
  const model = join(folder, "second.onnx");
  await cp(shared("model.onnx"), model);
  await (await dragOver(launched, [list, shared("data"), profile, model]))();
  const question = page.getByRole("dialog", { name: "What is second.onnx to be?" });
  await question.getByRole("button", { name: "Open it instead" }).click();
  await page.getByRole("heading", { level: 1, name: "second" }).waitFor();
  await dataPanel()
    .getByText(/^Classes in the order of .*order\.txt: vertical, steep, horizontal, diagonal\.$/)
    .waitFor();
  // It was read: that it is no whole profile is said.
  await page.getByRole("alert").filter({ hasText: "phone.json" }).waitFor();
});

it("opens a project, and says which of two isn't opened", async () => {
  const { page } = launched;
  await mkdir(join(folder, "copies"));
  const copy = join(folder, "copies", "second.offramp");
  await cp(samplePath, copy);
  await (await dragOver(launched, [resolve(samplePath), copy]))();
  await page.getByText(/^One project is open at a time, so .*second\.offramp is not opened\.$/).waitFor();
  await page.getByRole("heading", { level: 1, name: "explored" }).waitFor({ timeout: 60_000 });
  await graph(page).waitFor();
  expect(launched.errors).toEqual([]);
});
