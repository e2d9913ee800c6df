import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { StageCache } from "../base/cache.ts";
import { openProject } from "./open-project.ts";
import type { Project } from "./project.ts";
import { encodeProject } from "./project-archive.ts";
import { changedArchive, type Entries, edited, makeProject } from "./testing/test-project.ts";

let project: Project;
let cacheFolder: string;
beforeAll(async () => {
  project = await makeProject();
  // The models are the same throughout, so they run for the first time once.
  cacheFolder = await mkdtemp(join(tmpdir(), "offramp-test-"));
});
afterAll(() => rm(cacheFolder, { recursive: true, force: true }));

async function reopened(bytes: Uint8Array) {
  const warnings: string[] = [];
  const folder = await temporaryFolder({ "p.offramp": bytes });
  const job = { ...silentJob, warn: (text: string) => warnings.push(text) };
  const { runs } = await openProject(join(folder, "p.offramp"), job, new StageCache(cacheFolder));
  return { numbers: runs.map(({ number }) => number), warnings };
}

it("keeps each run in an entry of its own, named by its number; the latest is last", async () => {
  const names = Object.keys(unzipSync(encodeProject(project))).filter((name) => name.startsWith("runs/"));
  expect(names).toEqual(["runs/4.json", "runs/2.json"]);
  expect(await reopened(encodeProject(project))).toEqual({ numbers: [4, 2], warnings: [] });
});

const oneLost = ["1 training run of the project can't be read and is left out; all else is as it was saved"];

it.each<[string, (entries: Entries) => void]>([
  ["is no JSON", (entries) => Object.assign(entries, { "runs/4.json": Buffer.from("{") })],
  ["has no heads", (entries) => edited(entries, "runs/4.json", (run) => Object.assign(run, { heads: [] }))],
  ["names no time", (entries) => edited(entries, "runs/4.json", (run) => delete run.startedAt)],
  [
    "has an accuracy beyond 1",
    (entries) =>
      edited(entries, "runs/4.json", (run) => {
        (run.heads as { accuracy: number }[])[0].accuracy = 1.5;
      }),
  ],
  [
    "holds a number that nobody can count with",
    (entries) => {
      const text = Buffer.from(entries["runs/4.json"]).toString();
      entries["runs/4.json"] = Buffer.from(text.replace('"trainLoss":0.75', '"trainLoss":1e999'));
    },
  ],
  [
    "is far larger than a run",
    (entries) => Object.assign(entries, { "runs/4.json": Buffer.alloc(3e6, " ") }),
  ],
])("a run that %s costs itself and nothing else", async (_name, change) => {
  expect(await reopened(changedArchive(project, change))).toEqual({ numbers: [2], warnings: oneLost });
});

it("a run whose bytes have changed, or that has gone, costs itself and nothing else", async () => {
  const entries = unzipSync(encodeProject(project));
  entries["runs/4.json"][40] ^= 1;
  expect(await reopened(zipSync(entries))).toEqual({ numbers: [2], warnings: oneLost });
  delete entries["runs/4.json"];
  expect(await reopened(zipSync(entries))).toEqual({ numbers: [2], warnings: oneLost });
});

it("a run that can't be unpacked costs itself and nothing else", async () => {
  const archive = encodeProject(project);
  const at = Buffer.from(archive).indexOf("runs/4.json") + "runs/4.json".length;
  archive.fill(0xff, at + 2, at + 40);
  expect(await reopened(archive)).toEqual({ numbers: [2], warnings: oneLost });
});

it("of more runs than are kept reads the newest, and says that others are left out", async () => {
  const bytes = changedArchive(project, (entries) => {
    for (let number = 5; number <= 25; number++) entries[`runs/${number}.json`] = entries["runs/2.json"];
  });
  const { numbers, warnings } = await reopened(bytes);
  expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 6));
  expect(warnings).toEqual([expect.stringMatching(/^3 training runs .* are left out/)]);
});

it("refuses names that are no run's", async () => {
  for (const name of ["runs/0.json", "runs/01.json", "runs/1234567.json", "runs/a.json"])
    await expect(
      reopened(changedArchive(project, (entries) => Object.assign(entries, { [name]: Buffer.from("{}") }))),
    ).rejects.toMatchObject({ message: expect.stringContaining(`it holds '${name}', which is no part`) });
});
