import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { fieldCountsSchema } from "../../../shared/files/field-counts.ts";
import { preprocessSchema } from "../../../shared/model/preprocess.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { assetPath } from "../base/assets.ts";
import { routePlan } from "../verify/route-plan.ts";
import { assembleDesign } from "./design.ts";
import { staged } from "./staged.ts";
import { chainNetwork, largeNet, photographs } from "./testing/test-chains.ts";
import { testNetworks } from "./testing/test-networks.ts";

const samples = 50;
const load = (name: string) => import(pathToFileURL(assetPath("runners", name)).href);
const { openStagedNetwork } = await load("run.mjs");
const { Batcher } = await load("batch.mjs");
const { FieldCounts } = await load("counts.mjs");
const { BudgetController } = await load("control.mjs");

const network = await chainNetwork(largeNet(), preprocessSchema.parse({}), photographs(samples));
const { heads, sha256, tables } = network.routed;
/** Two exits, of whose confidences half lie below the threshold. */
const plan = {
  format: "offramp-plan" as const,
  version: 1 as const,
  backboneSha256: sha256,
  exits: heads.slice(0, 2).map(({ cutPoint, kind }, row) => {
    const confidences = tables
      .get("top1")!
      .confidence.slice(row * samples, (row + 1) * samples)
      .sort();
    const [below, above] = [confidences[samples / 2 - 1], confidences[samples / 2]];
    return { cutPoint, head: kind, policy: "top1", threshold: Math.fround((below + above) / 2) };
  }),
};
const { exit: expected } = routePlan(plan, [network.routed]);
const reached = [0, 1, 2].map((stage) => expected.filter((exit) => exit >= stage).length);

/** The network as the runner opens it, and by stage the batches that it was run with. */
async function opened() {
  const folder = await temporaryFolder();
  await staged.write(assembleDesign(network, plan), folder);
  const found = await openStagedNetwork(join(folder, staged.target));
  const sizes: number[][] = found.sessions.map(() => []);
  for (const [k, session] of found.sessions.entries()) {
    const run = session.run.bind(session);
    session.run = (feeds: Record<string, { dims: number[] }>) => {
      sizes[k].push(Object.values(feeds)[0].dims[0]);
      return run(feeds);
    };
  }
  return { network: found, sizes };
}

/** What leaving at an exit takes where the stages take 1, 2 and 3 ms a sample. */
const exitMs = [1, 3, 6];

/** The network with a point beside its own, on a clock by which stages take 1, 2 and 3 ms a sample. */
async function clocked(point: { name: string; thresholds: number[] }) {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const { network: found, sizes } = await opened();
  found.manifest.points = [point];
  for (const [k, session] of found.sessions.entries()) {
    const { run } = session;
    session.run = async (feeds: unknown) => {
      const results = await run(feeds);
      vi.advanceTimersByTime(sizes[k].at(-1)! * (k + 1));
      return results;
    };
  }
  return found;
}

/** As many as there are, in full batches and what is left. */
function batchesOf(count: number, size: number): number[] {
  const left = count % size;
  return [...Array(Math.floor(count / size)).fill(size), ...(left > 0 ? [left] : [])];
}

it.each([1, 7, 16])(
  "at every stage batches of %i are full but for the last, and decide alike",
  async (size) => {
    const { network: found, sizes } = await opened();
    const batcher = new Batcher(found, { size });
    const answers = network.images.map((image) => batcher.run(image));
    await batcher.finish();
    const exits = (await Promise.all(answers)).map(({ exit }) => exit);
    expect(exits).toEqual([...expected]);
    expect(reached[2]).toBeGreaterThan(5);
    expect(sizes).toEqual(reached.map((count) => batchesOf(count, size)));
  },
);

it("whoever waits long enough goes on in a smaller batch", async () => {
  const { network: found, sizes } = await opened();
  const batcher = new Batcher(found, { size: 64, waitMs: 5 });
  const last = expected.indexOf(2);
  const answer = await batcher.run(network.images[last]);
  expect(answer).toMatchObject({ exit: 2 });
  expect(sizes).toEqual([[1], [1], [1]]);
});

it("a point that is chosen counts from the next batch on", async () => {
  const { network: found } = await opened();
  found.manifest.points = [{ name: "at once", thresholds: [0, 0] }];
  found.choose("at once");
  const batcher = new Batcher(found, { size: 8 });
  const answers = network.images.map((image) => batcher.run(image));
  await batcher.finish();
  expect(new Set((await Promise.all(answers)).map(({ exit }) => exit))).toEqual(new Set([0]));
});

it("a sample keeps the point that it set out at, is counted there, and takes its share of its batches", async () => {
  const found = await clocked({ name: "to the end", thresholds: [2, 2] });
  const path = join(await temporaryFolder(), "counts.json");
  const counts = new FieldCounts(found, path);
  // Every other batch sets out at the other point.
  const spent: number[] = [];
  const setOut: (string | null)[] = [];
  const control = {
    get point() {
      setOut.push(setOut.length % 14 < 7 ? null : "to the end");
      return setOut.at(-1);
    },
    spend: (ms: number) => spent.push(ms),
  };
  const batcher = new Batcher(found, { size: 7, control });
  const answers = network.images.map((image) => batcher.run(image));
  await batcher.finish();
  const exits = setOut.map((point, row) => (point === null ? expected[row] : 2));
  const answered = await Promise.all(answers);
  expect(answered.map(({ exit, point, ms }) => [exit, point, ms])).toEqual(
    exits.map((exit, row) => [exit, setOut[row], exitMs[exit]]),
  );
  expect(spent.sort()).toEqual(exits.map((exit) => exitMs[exit]).sort());
  counts.save();
  const { points } = fieldCountsSchema.parse(JSON.parse(await readFile(path, "utf8")));
  const leftAt = (name: string | null) =>
    [0, 1, 2].map((exit) => exits.filter((each, row) => each === exit && setOut[row] === name).length);
  expect(points.map(({ name, exits, latency }) => [name, exits.map(({ left }) => left), latency])).toEqual(
    [null, "to the end"].map((name) => [name, leftAt(name), undefined]),
  );
});

it("a budget is held by batches too", async () => {
  const found = await clocked({ name: "at once", thresholds: [0, 0] });
  const budget = 1.5;
  const control = new BudgetController(["at once", null], budget, { patience: 12 });
  const batcher = new Batcher(found, { size: 4, control });
  const images = Array.from({ length: 10 }, () => network.images).flat();
  const answers = images.map((image) => batcher.run(image));
  await batcher.finish();
  const spent: number[] = (await Promise.all(answers)).map(({ ms }) => ms);
  const mean = spent.reduce((sum, ms) => sum + ms, 0) / spent.length;
  const own = [...expected].reduce((sum, exit) => sum + exitMs[exit], 0) / samples;
  expect(own).toBeGreaterThan(1.5 * budget);
  expect(Math.abs(mean / budget - 1)).toBeLessThan(0.05);
});

it("what a stage fails at is told to whom it concerns, and the others go on", async () => {
  const { network: found } = await opened();
  const { run } = found.sessions[1];
  found.sessions[1].run = async () => {
    found.sessions[1].run = run;
    throw new Error("no memory");
  };
  const batcher = new Batcher(found, { size: 10 });
  const answers = network.images.map((image) => batcher.run(image));
  await batcher.finish();
  const outcomes = await Promise.allSettled(answers);
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(10);
});

it("a network that takes one image at a time is refused", async () => {
  const proto = testNetworks.find(({ title }) => title === "a fixed batch of 1")!.proto;
  const fixed = await chainNetwork(proto, preprocessSchema.parse({}), photographs(samples));
  const folder = await temporaryFolder();
  const own = { ...plan, backboneSha256: fixed.routed.sha256, exits: [] };
  await staged.write(assembleDesign(fixed, own), folder);
  const found = await openStagedNetwork(join(folder, staged.target));
  expect(() => new Batcher(found)).toThrow(
    "the network takes one image at a time: its batch is fixed at 1; take run.mjs",
  );
  const one = new Batcher(found, { size: 1 });
  expect(await one.run(fixed.images[0])).toMatchObject({ exit: 0 });
  expect(() => new Batcher(found, { size: 0 })).toThrow("a batch of 0 can't be made");
});
