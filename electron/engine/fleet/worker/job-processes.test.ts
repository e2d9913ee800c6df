import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { silentJob } from "../../../../shared/base/job.ts";
import { seededRandom } from "../../../../shared/base/random.ts";
import { StageCache } from "../../base/cache.ts";
import { computeExitLogits, readLogits } from "../../calibrate/exit-logits.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import { untrainedHeads } from "../../heads/head.ts";
import { headKinds } from "../../heads/index.ts";
import { importProto, noiseImages } from "../../onnx/testing/test-backbone.ts";
import { residualNet } from "../../onnx/testing/test-graphs.ts";
import { logitsKind } from "../../stages/shares/logits-kind.ts";
import { networkFiles, sentNetwork } from "../../stages/shares/sent-network.ts";
import { packSplit } from "../../stages/shares/split-packer.ts";
import { filesFolder } from "./job-child-protocol.ts";
import { createJobProcesses, type JobProcesses } from "./job-processes.ts";

const quiet = { progress: () => {}, warning: () => {}, wire: () => {} };

describe("a worker's processes", () => {
  let packed: Readonly<Record<string, Uint8Array>>;
  /** What one machine makes of it, output by output. */
  let whole: Uint8Array;
  let cacheFolder: string;
  let folder: string;
  let processes: JobProcesses;

  const ownFolder = () => mkdtemp(join(folder, "own-"));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "offramp-test-"));
    const backbone = await importProto(residualNet(3, ["batch", 3, 8, 8]));
    const heads = untrainedHeads(
      backbone,
      headKinds.map((kind) => ({ kind, options: kind.options.parse({}) })),
    );
    const images = noiseImages(backbone, 40, seededRandom(5));
    const split = memorySplit({ images, labels: images.map((_, row) => row % 5) });
    const here = await ownFolder();
    await computeExitLogits(backbone, heads, split, here, silentJob);
    const rows = await Promise.all([...heads, backbone].map((_, row) => readLogits(here, row)));
    whole = new Uint8Array(Float32Array.from(rows.flatMap((row) => [...row])).buffer);

    cacheFolder = await ownFolder();
    const packer = packSplit(new StageCache(cacheFolder), backbone, split, "data");
    const range = await packer.range(0, packer.partImages.length, silentJob);
    await packer.close();
    const files = await logitsKind.pack({ network: sentNetwork(backbone, heads), range }, { macs: 1 });
    const bytes = Object.entries(files).map(async ([name, file]) => [
      name,
      file instanceof Uint8Array ? file : await file.bytes(),
    ]);
    packed = Object.fromEntries(await Promise.all(bytes));
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    processes = createJobProcesses(await ownFolder());
  });
  afterEach(() => processes.end());

  /** Runs the job. @param without files that it is not given, so that they have to be open already */
  async function run(lasting: string | undefined, without: readonly string[] = []) {
    const [inputFolder, resultFolder] = [await ownFolder(), await ownFolder()];
    for (const [name, bytes] of Object.entries(packed))
      if (!without.includes(name)) await writeFile(join(inputFolder, name), bytes);
    await mkdir(join(resultFolder, filesFolder), { recursive: true });
    const limits = { timeMs: 60_000, memoryBytes: 4e9 };
    const job = { kind: "calibrate", options: { macs: 1 }, inputFolder, resultFolder, cacheFolder };
    const running = processes.run({ ...job, threads: 1, limits }, lasting, quiet);
    return {
      ...running,
      bytes: running.result.then(() => readFile(join(resultFolder, filesFolder, "logits.f32"))),
    };
  }
  const bytesOf = async (...asked: Parameters<typeof run>) =>
    new Uint8Array(await (await run(...asked)).bytes);
  const opened = (lasting: string) => bytesOf(lasting, networkFiles);

  it("stay for the next job of the same network, and open it once", async () => {
    expect(await bytesOf("one")).toEqual(whole);
    const warnings: Error[] = [];
    const hear = (warning: Error) => warnings.push(warning);
    process.on("warning", hear);
    // More than the listeners of which Node thinks that they were forgotten.
    for (let job = 0; job < 12; job++) expect(await opened("one")).toEqual(whole);
    process.off("warning", hear);
    expect(warnings).toEqual([]);
  });

  it.each([
    ["of another network", "one", "other"],
    ["where none lasts", undefined, undefined],
  ])("end before a job %s", async (_, first, next) => {
    await bytesOf(first);
    await expect((await run(next, networkFiles)).bytes).rejects.toMatchObject({ code: "file-not-found" });
    expect(await bytesOf(next)).toEqual(whole);
  });

  it("don't stay once a job was cancelled, or has failed", async () => {
    await bytesOf("one");
    const running = await run("one");
    running.end();
    await expect(running.bytes).rejects.toMatchObject({ code: "cancelled" });
    await expect(opened("one")).rejects.toThrow();
    await bytesOf("one");
    await expect((await run("one", Object.keys(packed))).bytes).rejects.toThrow();
    await expect(opened("one")).rejects.toThrow();
  });

  it("end when they are told to while they wait", async () => {
    await bytesOf("one");
    processes.end();
    await expect(opened("one")).rejects.toThrow();
  });

  it.skipIf(process.platform !== "linux")(
    "are started anew where one was killed while it waited",
    async () => {
      await bytesOf("one");
      const [waiting] = await ownChildren();
      process.kill(waiting, "SIGKILL");
      while ((await ownChildren()).includes(waiting)) await delay(20);
      expect(await bytesOf("one")).toEqual(whole);
    },
  );
});

async function ownChildren(): Promise<number[]> {
  const folder = `/proc/${process.pid}/task`;
  const lists = (await readdir(folder)).map((task) => readFile(join(folder, task, "children"), "utf8"));
  return (await Promise.all(lists)).flatMap((list) => list.split(" ").filter(Boolean).map(Number));
}
