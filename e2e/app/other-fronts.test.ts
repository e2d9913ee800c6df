import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { frontFileSchema } from "../../shared/files/front-file.ts";
import { markPath, otherMarks } from "../../shared/presentation/drawing/marks.ts";
import { newFolder } from "../testing/command-line.ts";
import { keepScreenshot, type LaunchedApp, launchApp } from "./testing/launch.ts";
import { samplePath } from "./testing/sample-path.ts";
import { choosePaths, openSample, runCommand, stage } from "./testing/window.ts";

let launched: LaunchedApp;
beforeAll(async () => {
  launched = await launchApp();
  await openSample(launched.page);
});
afterAll(() => launched.close());

const legend = () => launched.page.getByRole("list", { name: "Series on the chart" });

async function lay(path: string): Promise<void> {
  await choosePaths(launched.app, path);
  await runCommand(launched.page, "Lay another project");
}

/** The sample's front as that of another network, half as fast and ten points worse than this one. */
async function otherNetwork(): Promise<string> {
  const bytes = unzipSync(await readFile(samplePath))["front.json"];
  const front = frontFileSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  const path = join(await newFolder(), "elsewhere.json");
  const [search, ...others] = front.searches;
  const worse = search.front.map((plan) => ({ ...plan, accuracy: plan.accuracy - 0.1 }));
  const backbone = { accuracy: front.backbone.accuracy - 0.1, latencyMs: 2 * front.backbone.latencyMs };
  const other = { ...front, backbone, backboneSha256: "0".repeat(64) };
  await writeFile(path, JSON.stringify({ ...other, searches: [{ ...search, front: worse }, ...others] }));
  return path;
}

it("lays the fronts of other projects over the chart, says what they are of, and shows their plans", async () => {
  const { page } = launched;
  await lay(resolve(samplePath));
  await legend()
    .getByRole("button", { name: /^explored, .*\d{4}$/ })
    .waitFor();
  await lay(await otherNetwork());
  await legend()
    .getByRole("button", { name: /^elsewhere, .*, relative$/ })
    .waitFor();
  const marks = page.locator(`.recharts-scatter path[d="${markPath(otherMarks[1], 42)}"]`);
  await expect.poll(() => marks.count()).toBeGreaterThan(3);
  const box = (await marks.last().boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await keepScreenshot(page, "other-fronts");
  await page.getByText("Of another network or target").waitFor();
  const tip = await page.getByRole("status").filter({ hasText: "Of another network" }).innerText();
  expect(tip).toMatch(/elsewhere.*Accuracy\s+8\d\.\d\d %/s);

  await stage(page, "Search").click();
  const section = page.getByRole("region", { name: "Other projects" });
  expect(await section.innerText()).toMatch(/relative to its own backbone/);
  await section.getByRole("button", { name: "Remove elsewhere from the chart" }).click();
  await expect
    .poll(() =>
      legend()
        .getByRole("button", { name: /^elsewhere/ })
        .count(),
    )
    .toBe(0);
});

it("says of a file that holds no front what is wrong with it", async () => {
  const path = join(await newFolder(), "notes.json");
  await writeFile(path, "{}");
  await lay(path);
  await launched.page.getByText(/notes\.json is no Offramp front/).waitFor();
});
