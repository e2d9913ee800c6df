import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProject } from "../../electron/engine/index.ts";
import { newFolder } from "../testing/command-line.ts";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { choosePaths, liveFigures, runCommand, showLivePlan } from "./testing/window.ts";

const fixture = join("electron", "engine", "project", "testing", "version-1", "project.offramp");

let launched: LaunchedApp;
let path: string;
beforeAll(async () => {
  path = join(await newFolder(), "old.offramp");
  await cp(fixture, path);
  launched = await launchApp({ args: [path] });
  await launched.page.getByText("engine ready").waitFor();
});
afterAll(() => launched.close());

it("a project of version 1 shows the figures of its partitioned plan on the targets that it counted, and is saved anew", async () => {
  const { app, page } = launched;
  await showLivePlan(page);
  // As the search of version 1 found them, under its link and with its second and third profile.
  expect(await liveFigures(page)).toMatchObject({ accuracy: "67.5 %", "mean latency": "3.93 ms" });
  const chosen = (name: RegExp) => page.getByRole("combobox", { name }).locator("option:checked").innerText();
  expect(await chosen(/^Target/)).toBe("a board · cpu, 1 thread");
  expect(await chosen(/^Server/)).toBe("a server · cpu, 1 thread");
  await page.getByRole("button", { name: /^proven front: show/ }).waitFor();
  await choosePaths(app, path);
  await runCommand(page, "Save as");
  await page.getByText("Saved old.offramp").waitFor();
  const { design, profiles, front } = await openProject(path);
  expect(design).toMatchObject({ target: profiles[1].id, offload: { server: profiles[2].id } });
  expect(front?.profile).toBe(profiles[1].id);
  expect(launched.errors).toEqual([]);
});
