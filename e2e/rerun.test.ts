import { existsSync } from "node:fs";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { compareSummaries } from "../shared/files/compare-summaries.ts";
import { type Summary, summarySchema } from "../shared/files/summary.ts";
import { finishedRun, offramp, offrampJson, ownFolder, shared } from "./testing/command-line.ts";

const { path } = ownFolder();

const foundSchema = z.object({
  summary: summarySchema,
  differences: z.array(z.object({ what: z.string(), before: z.string(), after: z.string() })),
});

let folder: string;
let summary: Summary;

beforeAll(async () => {
  ({ folder, summary } = await finishedRun());
});

/** The summary as it would be read elsewhere, where nothing lies where it did. */
async function summaryFromElsewhere(): Promise<string> {
  const { options, texts, ...recorded } = summary.recorded!;
  const [preprocess] = Object.values(texts);
  const elsewhere = {
    ...summary,
    recorded: {
      ...recorded,
      model: "/gone/model.onnx",
      options: {
        ...options,
        data: "/gone/data",
        preprocess: "/gone/preprocess.json",
        // Commands that a file brings aren't run.
        energySensor: `touch ${path("touched")}`,
      },
      texts: { "/gone/preprocess.json": preprocess },
    },
  };
  const file = path("elsewhere.json");
  await writeFile(file, JSON.stringify(elsewhere));
  return file;
}

test("a summary says how its run was asked for, without where results go and the cache", () => {
  const { model, options, texts, node } = summary.recorded!;
  expect(model).toBe(shared("model.onnx"));
  expect(options).toMatchObject({ data: shared("data"), maxDrop: 0.5, compare: false });
  for (const key of ["out", "cache", "energySensor"]) expect(options).not.toHaveProperty(key);
  expect(Object.values(texts)).toHaveLength(1);
  expect(node).toBe(process.version);
});

test("a run is repeated from its summary alone: all but what was timed is the same", async () => {
  const file = await summaryFromElsewhere();
  await cp(shared("data"), path("data"), { recursive: true });
  await cp(shared("model.onnx"), path("moved.onnx"));
  const moved = ["--data", path("data"), "--model", path("moved.onnx")];
  const profile = ["--profile", join(folder, "profile.json")];
  const args = ["rerun", file, ...moved, ...profile, "--out", path("again")];
  const found = await offrampJson(args, foundSchema);
  const timed = /^(latency of|speed-up)/;
  expect(found.differences.filter(({ what }) => !timed.test(what))).toEqual([]);
  expect(found.summary.plan.exits).toEqual(summary.plan.exits);
  expect(existsSync(path("touched"))).toBe(false);
  expect(found.summary.stageSeconds.train).toBeGreaterThan(0);
  expect(found.summary.recorded!.options).toMatchObject({ data: path("data"), maxDrop: 0.5 });
  expect(found.summary.recorded!.options).not.toHaveProperty("model");
});

test("what two runs have not in common is named", () => {
  const other: Summary = {
    ...summary,
    recorded: { ...summary.recorded!, version: "0.0.1" },
    accuracyDropPp: summary.accuracyDropPp + 1,
    plan: { ...summary.plan, exits: [] },
  };
  const { exits } = summary.plan;
  const [{ head, cutPoint, policy }] = exits;
  expect(compareSummaries(summary, summary)).toEqual([]);
  expect(compareSummaries(summary, other)).toEqual([
    { what: "Offramp", before: summary.recorded!.version, after: "0.0.1" },
    {
      what: "exits of the plan",
      before: expect.stringContaining(`${head} at ${cutPoint}, ${policy} from `),
      after: "none",
    },
    { what: "accuracy drop", before: expect.stringMatching(/ pp$/), after: expect.stringMatching(/ pp$/) },
  ]);
});

test("rerun says what is missing", async () => {
  const gone = await offramp(["rerun", await summaryFromElsewhere(), "--out", path("none")]);
  expect(gone).toMatchObject({ code: 1, stderr: expect.stringContaining("say with --model where it is") });
  const { recorded: _recorded, ...silent } = summary;
  await writeFile(path("silent.json"), JSON.stringify(silent));
  const unsaid = await offramp(["rerun", path("silent.json"), "--out", path("none")]);
  expect(unsaid).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("doesn't say how its run was asked for"),
  });
  const plan = await offramp(["rerun", join(folder, "plan.json"), "--out", path("none")]);
  expect(plan).toMatchObject({ code: 1, stderr: expect.stringContaining("is no summary.json of a run") });
});
