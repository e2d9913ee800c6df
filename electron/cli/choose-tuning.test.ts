import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { temporaryFolder } from "../disk/testing/temporary-folder.ts";
import type { TrainedProject } from "../engine/index.ts";
import { checkFlags, type TuneFlags, trainCommand, tuneRequest } from "./choose-tuning.ts";
import { addTuneOptions } from "./options.ts";

function parsed(...flags: readonly string[]): TuneFlags {
  return addTuneOptions(new Command()).parse(flags, { from: "user" }).opts<TuneFlags>();
}

function network(name: string, cuts: readonly string[]) {
  const cutPoints = cuts.map((tensor, index) => ({ tensor, index }));
  return { backbone: { summary: { name, sha256: `sha of ${name}`, cutPoints, output: { name: "logits" } } } };
}

const project = {
  ...network("net_big", ["/block1", "/block2"]),
  members: [network("net_small", ["/stem"])],
} as unknown as TrainedProject;

const request = (...flags: readonly string[]) => tuneRequest(project, "p.offramp", parsed(...flags));

test("what isn't said is the backbone with exits that are chosen, beside the project that is written", async () => {
  expect(await request("-o", join("out", "tuned.offramp"))).toMatchObject({
    network: undefined,
    exits: undefined,
    exitCount: 8,
    folder: join("out", "tuned-training"),
    trainLimit: undefined,
    imageBudgetBytes: 8e9,
    options: { epochs: 10, flip: true, batchNorm: true, protect: true },
  });
});

test("the recipe is made of flags", async () => {
  const flags = [
    "--no-flip",
    "--no-protect",
    "--epochs",
    "3",
    "--learning-rate",
    "0.1",
    "--image-budget",
    "0.5",
  ];
  expect(await request("--folder", "f", "--train-samples", "100", ...flags)).toMatchObject({
    folder: "f",
    trainLimit: 100,
    imageBudgetBytes: 5e8,
    options: { epochs: 3, learningRate: 0.1, flip: false, batchNorm: true, protect: false },
  });
});

test("a network is named as it is shown", async () => {
  for (const name of ["net_small", "small", "sha of net_small"])
    expect((await request("--member", name, "--folder", "f")).network).toBe("sha of net_small");
  expect((await request("--member", "net_big", "--folder", "f")).network).toBeUndefined();
  await expect(request("--member", "nett", "--folder", "f")).rejects.toMatchObject({
    code: "usage",
    message: "--member nett: the project's networks are net_big, net_small",
  });
});

test("exits are cut points by number or name, or a plan's", async () => {
  const exits = async (...flags: readonly string[]) => (await request("--folder", "f", ...flags)).exits;
  expect(await exits("--exits", "1, /block1")).toEqual([{ cutPoint: "/block2" }, { cutPoint: "/block1" }]);
  expect(await exits("--exits", "0", "--member", "small")).toEqual([{ cutPoint: "/stem" }]);
  await expect(exits("--exits", "2")).rejects.toMatchObject({
    code: "usage",
    message:
      "--exits 2: expected auto, a plan.json, or cut points by number, 0 to 1, or name; `offramp inspect` lists them",
  });
  const path = join(await temporaryFolder({}), "plan.json");
  const stated = { policy: "top1", threshold: 0.5 };
  const plan = [
    { cutPoint: "/stem", head: "wide", member: "sha of net_small", ...stated },
    { cutPoint: "/block2", head: "narrow", ...stated },
  ];
  const file = { format: "offramp-plan", version: 1, backboneSha256: "sha of net_big", exits: plan };
  await writeFile(path, JSON.stringify(file));
  expect(await exits("--exits", path)).toEqual([{ cutPoint: "/block2", head: "narrow" }]);
  expect(await exits("--exits", path, "--member", "small")).toEqual([{ cutPoint: "/stem", head: "wide" }]);
});

test.each([
  [["--write-only", "--results", "f"], "leave out one of them"],
  [[], "nowhere to write the tuned project: give it with -o"],
  [["--results", "f"], "nowhere to write the tuned project"],
  [["--write-only"], "nowhere to write the training: give its folder with --folder"],
])("%j don't go together", (flags, message) => {
  expect(() => checkFlags(parsed(...flags))).toThrow(message);
});

test("train.py is started by Python or a launcher", () => {
  expect(trainCommand(parsed())).toEqual(["python3"]);
  expect(trainCommand(parsed("--python", "/opt/my python/bin/python"))).toEqual([
    "/opt/my python/bin/python",
  ]);
  expect(trainCommand(parsed("--launcher", " torchrun  --nproc-per-node 4 "))).toEqual([
    "torchrun",
    "--nproc-per-node",
    "4",
  ]);
});
