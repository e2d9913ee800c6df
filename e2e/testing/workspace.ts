import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { gratings, writeImageFolder, writePreprocess } from "./gratings.ts";
import { defaultNetwork, writeSmallNetwork } from "./small-network.ts";

// In vitest's own process, which the tests' environment doesn't reach.
process.env.ORT_DISABLE_TELEMETRY = "1";

/** Seeds of the three parts of the small data set. */
const seeds = { train: 1, val: 2, test: 3 };

/** Of the images that networks are made with. */
export const trainSeed = seeds.train;

export const imagesPerClass = { train: 100, val: 40, test: 60 };

/** The part of the small data set that no choice has seen, as it lies on disk class by class. */
export const testImages = () => gratings(imagesPerClass.test, seeds.test);

declare module "vitest" {
  interface ProvidedContext {
    /** A folder with a small model, another one of the same form, a data set, and a cache that all tests share. */
    workspace: string;
  }
}

/** Runs once before all end-to-end tests; vitest calls what is returned after them. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  if (!existsSync(join(import.meta.dirname, "..", "..", "dist", "cli", "offramp.js")))
    throw new Error("dist/ is missing; run `npm run build` before the end-to-end tests");
  const folder = await mkdtemp(join(tmpdir(), "offramp-e2e-"));
  await mkdir(join(folder, "cache"));
  const train = gratings(imagesPerClass.train, seeds.train);
  await writeImageFolder(join(folder, "data", "train"), train);
  await writeImageFolder(join(folder, "data", "val"), gratings(imagesPerClass.val, seeds.val));
  await writeImageFolder(join(folder, "data", "test"), testImages());
  await writePreprocess(join(folder, "preprocess.json"));
  await writeSmallNetwork(join(folder, "model.onnx"), train);
  await writeSmallNetwork(join(folder, "other.onnx"), train, { ...defaultNetwork, seed: 6 });
  await writeSmallNetwork(join(folder, "fixed.onnx"), train, { ...defaultNetwork, blocks: 3, batch: 1 });
  project.provide("workspace", folder);
  return () => rm(folder, { recursive: true, force: true });
}
