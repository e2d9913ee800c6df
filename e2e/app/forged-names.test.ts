import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { encodeModel } from "../../electron/engine/onnx/codec.ts";
import { withForgedNames } from "../testing/odd-models.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { cutPoint, graph, openFromOutside } from "./testing/window.ts";

let folder: string;
let launched: LaunchedApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-forged-"));
  launched = await launchApp();
});
afterAll(async () => {
  await launched?.close();
  await rm(folder, { recursive: true, force: true });
});

/** All that a person reads or hears of the window, and its title. */
async function shown(): Promise<string> {
  const title = await launched.app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0].getTitle(),
  );
  const page = await launched.page.evaluate(() => {
    const read = ["title", "alt", "placeholder", "aria-label", "aria-description"];
    return [...document.querySelectorAll("*")]
      .flatMap((element) => [
        ...[...element.childNodes]
          .filter(({ nodeType }) => nodeType === 3)
          .map(({ textContent }) => textContent ?? ""),
        ...read.map((name) => element.getAttribute(name) ?? ""),
      ])
      .join("\n");
  });
  return `${title}\n${page}`;
}

it("names out of a model forge nothing in the window, nor in its title", async () => {
  const path = join(folder, "forged \u202egnp.onnx");
  await writeFile(path, encodeModel(withForgedNames()));
  await launched.page.getByRole("button", { name: /^Open the sample/ }).waitFor();
  await openFromOutside(launched.app, path);
  await graph(launched.page).waitFor();
  await cutPoint(launched.page, 0).click();
  await launched.page.getByText("owned").first().waitFor();
  const text = await shown();
  expect(text).toContain("␛]0;owned␇");
  expect(text).toContain("forged \\u202egnp");
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
  expect(launched.errors).toEqual([]);
});
