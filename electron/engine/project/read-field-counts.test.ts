import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { confidenceBins } from "../../../shared/files/field-counts.ts";
import { readFieldCounts } from "./read-field-counts.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-counts-"));
});

afterAll(() => rm(folder, { recursive: true }));

const bins = (first: number) => [first, ...new Array<number>(confidenceBins - 1).fill(0)];

const counts = {
  format: "offramp-field-counts",
  version: 1,
  manifestSha256: "a".repeat(64),
  plan: {
    format: "offramp-plan",
    version: 1,
    backboneSha256: "b",
    exits: [{ cutPoint: "cut", head: "linear", policy: "top1", threshold: 0.5 }],
  },
  points: [
    {
      name: null,
      thresholds: [0.5],
      inputs: 3,
      exits: [
        { left: 1, confidence: bins(3) },
        { left: 2, confidence: bins(2) },
      ],
    },
  ],
};

async function read(text: string) {
  const path = join(folder, "counts.json");
  await writeFile(path, text);
  return readFieldCounts(path);
}

test("what a runner wrote is read as it is", async () => {
  expect(await read(JSON.stringify(counts))).toEqual(counts);
});

test.each([
  ["cut off", JSON.stringify(counts).slice(0, 200), /is no Offramp file of field counts of version 1/],
  [
    "one too many",
    JSON.stringify(counts).replace('"left":1', '"left":2'),
    /or is damaged; runners write them/,
  ],
  ["newer", JSON.stringify({ ...counts, version: 2 }), /field counts of version 2; this Offramp reads/],
  ["nested", "[".repeat(40), /holds lists and objects more than 16 deep, so these are no field counts/],
])("%s is refused with the reason", async (_name, text, says) => {
  await expect(read(text)).rejects.toThrow(says);
});
