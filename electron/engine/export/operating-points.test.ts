import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { assetPath } from "../base/assets.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { routePlan } from "../verify/route-plan.ts";
import { assembleDesign } from "./design.ts";
import { atPoint, operatingPoint } from "./operating-points.ts";
import { singleFile } from "./single-file.ts";
import { staged } from "./staged.ts";
import { chainNetwork, largeNet, photographs } from "./testing/test-chains.ts";

const target = { provider: "cpu", threads: 1 };
const samples = 48;
const large = await chainNetwork(largeNet(), preprocessSchema.parse({}), photographs(samples));

/** Confidences at an exit, rising. */
function confidencesAt(row: number): number[] {
  const { confidence } = large.routed.tables.get("top1")!;
  return [...confidence.subarray(row * samples, (row + 1) * samples)].sort((a, b) => a - b);
}

/** Two exits; about this share of the samples is below the threshold of each. */
function planAt(...shares: [number, number]): Plan {
  const exits = shares.map((share, row) => {
    const { cutPoint, kind } = large.routed.heads[row];
    const sorted = confidencesAt(row);
    const at = Math.round(share * samples);
    return {
      cutPoint,
      head: kind,
      policy: "top1",
      threshold: Math.fround((sorted[at - 1] + sorted[at]) / 2),
    };
  });
  return { format: "offramp-plan", version: 1, backboneSha256: large.routed.sha256, exits };
}

const own = planAt(0.5, 0.5);
const plans = { fast: planAt(0.125, 0.25), safe: planAt(0.875, 0.75) };
const points = Object.entries(plans).map(([name, plan]) => operatingPoint(own, name, plan));

async function exported(): Promise<string> {
  const folder = await temporaryFolder();
  const design = { ...assembleDesign(large, own), points };
  for (const format of [singleFile, staged]) await format.write(design, folder);
  return folder;
}

const exitsOf = (plan: Plan) => [...routePlan(plan, [large.routed]).exit];

it("one export decides as each of its points says, and as its own plan", async () => {
  const folder = await exported();
  const routes = [own, ...Object.values(plans)].map(exitsOf);
  expect(new Set(routes.map((exits) => exits.join())).size).toBe(3);
  for (const file of [singleFile.target, staged.target])
    for (const plan of [own, ...Object.values(plans)]) {
      const opened = { plan, backbone: large.backbone.summary };
      const deployed = await openDeployed(join(folder, file), opened, target, silentJob);
      const exits: number[] = [];
      for (const image of large.images) exits.push((await deployed.run(image)).exit);
      await deployed.release();
      expect(exits).toEqual(exitsOf(plan));
    }
});

it("the runner switches between them without loading anything", async () => {
  const folder = join(await exported(), staged.target);
  const { openStagedNetwork } = await import(pathToFileURL(assetPath("runners", "run.mjs")).href);
  const network = await openStagedNetwork(folder);
  const exits = async () => {
    const found: number[] = [];
    for (const image of large.images) found.push((await network.run(image)).exit);
    return found;
  };
  network.choose("safe");
  expect(await exits()).toEqual(exitsOf(plans.safe));
  network.choose("fast");
  expect(await exits()).toEqual(exitsOf(plans.fast));
  network.choose();
  expect(await exits()).toEqual(exitsOf(own));
  expect(() => network.choose("slow")).toThrow("the export has no point slow");
});

it("is no export of a plan that is none of its points", async () => {
  const folder = await exported();
  const plan = planAt(0.25, 0.5);
  for (const file of [singleFile.target, staged.target])
    await expect(
      openDeployed(join(folder, file), { plan, backbone: large.backbone.summary }, target, silentJob),
    ).rejects.toThrow("was exported from another plan");
});

it("has no points of other exits", () => {
  const [first, second] = own.exits;
  const message = /^the point other has other exits, heads or policies than the exported plan/;
  const policy = { ...own, exits: [{ ...first, policy: "margin" }, second] };
  for (const plan of [policy, { ...own, exits: [first] }, { ...own, chain: [own.backboneSha256] }])
    expect(() => operatingPoint(own, "other", plan)).toThrow(message);
  expect(operatingPoint({ ...own, cut: "somewhere" }, "cut", own)).toEqual({
    name: "cut",
    thresholds: atPoint(own, [first.threshold, second.threshold]).exits.map(({ threshold }) => threshold),
  });
});
