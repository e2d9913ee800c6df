import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import { newFolder } from "../testing/command-line.ts";
import { openSize, severalLabels, twoHeads } from "../testing/odd-models.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { graph, openByMenu, runCommand, stage } from "./testing/window.ts";

let launched: LaunchedApp;
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  await writeFile(join(folder, "heads.onnx"), encodeModel(twoHeads()));
  await writeFile(join(folder, "tags.onnx"), encodeModel(severalLabels()));
  await writeFile(join(folder, "open.onnx"), encodeModel(openSize()));
  await writeFile(join(folder, "junk.onnx"), "no model");
  launched = await launchApp({ args: [join(folder, "heads.onnx")] });
});
afterAll(() => launched.close());

it("asks which output holds the class scores, and opens the model with the answer", async () => {
  const { page } = launched;
  const question = page.getByRole("dialog", { name: "Which are its class scores?" });
  await question.waitFor();
  const choices = await question.getByRole("group", { name: "Tensor" }).locator("label").allInnerTexts();
  expect(choices.map((text) => text.replace(/\s+/g, " ").trim())).toEqual([
    "colour float32 [1, 4]",
    "shape float32 [1, 2]",
  ]);
  await keepScreenshot(page, "output-question");
  // The first stands ready, and the arrow keys choose.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await graph(page).waitFor();
  expect(await page.getByLabel(/^Output of the backbone, 2 classes/).count()).toBe(1);
});

it("shows what is odd about a model before it asks for data", async () => {
  const { app, page } = launched;
  await openByMenu(app, join(folder, "tags.onnx"));
  const panel = page.getByRole("region", { name: "Model" });
  await panel.getByText(/^The 4 probabilities of tags don't exclude each other .*one label\.$/).waitFor();
  await keepScreenshot(page, "model-warning");
  await panel.getByRole("button", { name: "Next: data" }).click();
  await page.getByRole("region", { name: "Data" }).waitFor();
});

it("stands ready for the answer above an open project as well, so that Enter opens the model", async () => {
  const { app, page } = launched;
  await openByMenu(app, join(folder, "heads.onnx"));
  const question = page.getByRole("dialog", { name: "Which are its class scores?" });
  await question.waitFor();
  await expect.poll(() => question.getByRole("radio", { name: /^colour/ }).evaluate(isFocused)).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByLabel(/^Output of the backbone, 4 classes/).waitFor();
  await question.waitFor({ state: "detached" });
});

it("takes other class scores of the open model", async () => {
  const { page } = launched;
  await stage(page, "Model").click();
  await page.getByRole("button", { name: "Other class scores…" }).click();
  const question = page.getByRole("dialog", { name: "Which are its class scores?" });
  await question.getByRole("radio", { name: /^shape/ }).check();
  await page.keyboard.press("Enter");
  await page.getByLabel(/^Output of the backbone, 2 classes/).waitFor();
});

it("drops the question when another model is chosen, and asks that one's size", async () => {
  const { app, page } = launched;
  await openByMenu(app, join(folder, "heads.onnx"));
  await page.getByRole("dialog", { name: "Which are its class scores?" }).waitFor();
  await openByMenu(app, join(folder, "open.onnx"));
  const question = page.getByRole("dialog", { name: "How large are its images?" });
  await question.waitFor();
  expect(await page.getByRole("dialog").count()).toBe(1);
  const height = question.getByLabel("Height (px)");
  await expect.poll(() => height.evaluate(isFocused)).toBe(true);
  await height.fill("20");
  await question.getByLabel("Width (px)").fill("24");
  await page.keyboard.press("Enter");
  await page.getByText("3×20×24").waitFor();
});

it("opens what was chosen last, and says no more of what could not be opened before", async () => {
  const { app, page } = launched;
  await openByMenu(app, join(folder, "junk.onnx"));
  await page.getByRole("alert").filter({ hasText: "junk.onnx is not an ONNX model" }).waitFor();
  await openByMenu(app, join(folder, "open.onnx"));
  await openByMenu(app, join(folder, "tags.onnx"));
  await page.getByText("tags", { exact: true }).first().waitFor();
  await page.getByText(/^The 4 probabilities of tags/).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});

it("asks again of a model out of the list of recent files", async () => {
  const { page } = launched;
  await runCommand(page, "Close project");
  await page.getByRole("button", { name: /heads\.onnx/ }).click();
  const question = page.getByRole("dialog", { name: "Which are its class scores?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  expect(launched.errors).toEqual([]);
});

function isFocused(element: Element): boolean {
  return element === document.activeElement;
}
