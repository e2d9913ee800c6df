import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../../shared/base/job.ts";
import { deepRank, endless, hungry, manyOutputs } from "../testing/hostile-models.ts";
import { residualNet, TestGraph } from "../testing/test-graphs.ts";
import { forkedProbe } from "./forked-probe.ts";
import { type DeclaredInput, probeModel, useProbeLauncher } from "./model-probe.ts";

const image: DeclaredInput = { name: "image", type: "float32", dims: [1, 3, 8, 8], dynamicBatch: false };

function leftovers(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith("offramp-probe-"));
}

test("sees every tensor's type and shape, and the outputs' values on two images", async () => {
  const proto = residualNet(1);
  const scores = proto.graph.output[0].name;
  const { tensors, outputs } = await probeModel(proto, image, "net.onnx", silentJob);
  const made = proto.graph.node.flatMap((each) => each.output);
  expect([...tensors.keys()].sort()).toEqual([...made].sort());
  expect(tensors.get(made[0])).toEqual({ type: "float32", dims: [1, 4, 8, 8] });
  expect(tensors.get(scores)).toEqual({ type: "float32", dims: [1, 5] });
  const [first, second] = outputs.get(scores)!;
  expect(first).toHaveLength(5);
  expect(second).not.toEqual(first);
  expect(leftovers()).toEqual([]);
  const again = await probeModel(proto, image, "net.onnx", silentJob);
  expect(again.outputs.get(scores)).toEqual([first, second]);
});

test("a model that asks for gigabytes kills only the child", async () => {
  const limits = { memoryBytes: 400e6 };
  await expect(probeModel(hungry(1e9), image, "hungry.onnx", silentJob, limits)).rejects.toMatchObject({
    code: "model-crashed",
    message: expect.stringMatching(
      /^hungry\.onnx: ONNX Runtime's process needed more than 0\.4 GB of memory.* while/,
    ),
  });
  expect(leftovers()).toEqual([]);
});

test("a model that asks for more than there can be is told so", async () => {
  await expect(probeModel(hungry(1e15), image, "hungry.onnx", silentJob)).rejects.toMatchObject({
    code: "model-crashed",
    message: expect.stringMatching(/ran out of memory while running the model/),
  });
});

test("of large outputs only as much is sent as a parent can hold, the class scores among it", async () => {
  const proto = manyOutputs(30, 100_000);
  const { tensors, outputs } = await probeModel(proto, image, "wide.onnx", silentJob);
  expect(tensors.get("wide 29")).toEqual({ type: "float32", dims: [100_000] });
  expect(outputs.get("scores")).toHaveLength(2);
  // Two million numbers: 3 scores and nine times 100 000 numbers, each on two images.
  expect([...outputs.keys()]).toEqual(["scores", ...Array.from({ length: 9 }, (_, k) => `wide ${k}`)]);
});

test("tensors of millions of dimensions are refused in a line", async () => {
  const proto = deepRank(2000, 600);
  await expect(probeModel(proto, image, "deep.onnx", silentJob)).rejects.toMatchObject({
    code: "model-unsupported",
    message: "deep.onnx can't be used: its tensors have 1200006 dimensions in all, expected at most 1000000",
  });
});

test("a model that never ends is stopped after the time limit", async () => {
  await expect(
    probeModel(endless(), image, "endless.onnx", silentJob, { timeMs: 2000 }),
  ).rejects.toMatchObject({
    code: "model-crashed",
    message: expect.stringMatching(/took more than 2 s while running the model/),
  });
});

test.skipIf(process.platform !== "linux")("a child that is killed says by what", async () => {
  const probe = probeModel(endless(), image, "endless.onnx", silentJob);
  const refused = expect(probe).rejects.toMatchObject({
    code: "model-crashed",
    message: expect.stringMatching(
      /process died of SIGSEGV while running the model; the file may be damaged/,
    ),
  });
  await delay(1500);
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8");
  for (const child of children.trim().split(" ")) process.kill(Number(child), "SIGSEGV");
  await refused;
});

test("a child that can't be started isn't the model's fault", async () => {
  useProbeLauncher(async (_, { died }) => {
    died("could not be started (spawn EMFILE)");
    return { pid: undefined, send: () => {}, end: async () => {} };
  });
  try {
    await expect(probeModel(residualNet(1), image, "net.onnx", silentJob)).rejects.toMatchObject({
      code: "model-crashed",
      message:
        "net.onnx: ONNX Runtime's process could not be started (spawn EMFILE) while reading the model; " +
        "close other programs and try again, or install Offramp again",
    });
  } finally {
    useProbeLauncher(forkedProbe);
  }
});

test("cancelling stops a model that never ends", async () => {
  let pauses = 0;
  const job: Job = {
    ...silentJob,
    pause: async () => {
      if (++pauses > 3) throw cancelledError();
    },
  };
  await expect(probeModel(endless(), image, "endless.onnx", job)).rejects.toMatchObject({
    code: "cancelled",
  });
  expect(leftovers()).toEqual([]);
});

test("what ONNX Runtime refuses is reported in one line", async () => {
  const net = new TestGraph();
  const proto = net.model([net.add("NoSuchOperator", ["image"])]);
  await expect(probeModel(proto, image, "odd.onnx", silentJob)).rejects.toMatchObject({
    code: "model-unsupported",
    message: expect.stringMatching(
      /^odd\.onnx: ONNX Runtime failed while loading the model: .*NoSuchOperator[^\n]*$/,
    ),
  });
});
