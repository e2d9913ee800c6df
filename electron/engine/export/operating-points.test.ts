import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { assetPath } from "../base/assets.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { operatingPoint } from "./operating-points.ts";
import { singleFile } from "./single-file.ts";
import { staged } from "./staged.ts";
import { exitsOf, exportedPoints, large, own, planAt, plans } from "./testing/test-points.ts";

const target = { provider: "cpu", threads: 1 };

const exported = () => exportedPoints([singleFile, staged]);

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
    thresholds: [first.threshold, second.threshold],
  });
});
