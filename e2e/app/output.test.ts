import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import { newFolder } from "../command-line.ts";
import { severalLabels, twoHeads } from "../odd-models.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./launch.ts";
import { graph, openFromOutside } from "./window.ts";

let launched: LaunchedApp;
let folder: string;
beforeAll(async () => {
  folder = await newFolder();
  await writeFile(join(folder, "heads.onnx"), encodeModel(twoHeads()));
  await writeFile(join(folder, "tags.onnx"), encodeModel(severalLabels()));
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
  await openFromOutside(app, join(folder, "tags.onnx"));
  const panel = page.getByRole("region", { name: "Model" });
  await panel.getByText(/^The 4 probabilities of tags don't exclude each other .*one label\.$/).waitFor();
  await keepScreenshot(page, "model-warning");
  await panel.getByRole("button", { name: "Next: data" }).click();
  await page.getByRole("region", { name: "Data" }).waitFor();
});
