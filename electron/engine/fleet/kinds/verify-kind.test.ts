import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { planFile } from "../../../../shared/files/plan-file.ts";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { memorySplit } from "../../dataset/testing/memory-split.ts";
import { openPackedImages, packImages } from "../../jobs/packed-images.ts";
import { importProto } from "../../onnx/testing/test-backbone.ts";
import { residualNet } from "../../onnx/testing/test-graphs.ts";
import { newProject } from "../../project/project.ts";
import { verifyKind } from "./verify-kind.ts";

const input = {
  name: "x",
  type: "float32",
  channels: 1,
  height: 1,
  width: 2,
  layout: "NCHW",
  dynamicBatch: true,
} as const;
const images = [1, 2, 3, 4, 5].map((value) => Float32Array.of(value, -value));
/** The second can't be read, so place 1 is the third's. */
const split = memorySplit({ images, labels: [0, 1, 2, 0, 1], unreadable: [1] });

it("images travel as they are read, without those that can't be, and come back in the same batches", async () => {
  const packed = await packImages(split, input, Int32Array.of(0, 1, 3), () => Promise.resolve());
  expect([...packed.labels]).toEqual([0, 2, 1]);
  const path = join(await temporaryFolder({ images: packed.images }), "images");
  const opened = await openPackedImages(path, input, packed.labels);
  const batches = [];
  for await (const { images: values, labels } of opened.batches(2))
    batches.push([[...values.subarray(0, 2 * labels.length)], [...labels]]);
  expect(batches).toEqual([
    [
      [1, -1, 3, -3],
      [0, 2],
    ],
    [[5, -5], [1]],
  ]);
});

it("images that aren't there or are cut short are refused", async () => {
  await expect(packImages(split, input, Int32Array.of(4), () => Promise.resolve())).rejects.toMatchObject({
    code: "shape-mismatch",
  });
  const path = join(await temporaryFolder(), "images");
  await writeFile(path, new Uint8Array(23));
  await expect(openPackedImages(path, input, Int32Array.of(0, 1, 2))).rejects.toThrow(
    /take 23 bytes, expected 25/,
  );
});

const backbone = await importProto(residualNet(2));
const plan = planFile(backbone.summary.sha256, { exits: [] });
const options = { plan, target: { provider: "cpu", threads: 1 }, seconds: 1 };
const subject = {
  project: newProject(backbone),
  path: "",
  test: split,
  expected: { exit: new Uint8Array(4), predicted: undefined, labels: Int32Array.of(0, 2, 0, 1) },
};
const energy = { ms: 3, wallMs: 1, atMs: 0, round: 0 };
const runs = {
  places: [0, 3],
  labels: [0, 1],
  turnSamples: 2,
  backbone: { times: [1, 2], predicted: [0, 1] },
  plan: { times: [1, 1], predicted: [0, 0], exits: [0, 0] },
  energySensor: { name: "a sensor" },
  energies: { backbone: [energy], exits: [{ exit: 0, energies: [energy] }] },
};
const { classes } = backbone.summary.output;

it.each<[string, object, RegExp]>([
  ["of lists of different lengths", { labels: [0] }, /of one length/],
  ["of a sample twice", { places: [3, 3] }, /don't rise/],
  ["of a sample that there isn't", { places: [0, 4] }, /samples that there aren't/],
  ["of another data set", { labels: [0, 0] }, /of other classes/],
  [
    "with a class that there isn't",
    { plan: { ...runs.plan, predicted: [0, classes] } },
    /classes that there aren't/,
  ],
  ["with an exit that there isn't", { plan: { ...runs.plan, exits: [0, 1] } }, /exits that there aren't/],
  [
    "with energies of an exit where nothing leaves",
    { energies: { ...runs.energies, exits: [{ exit: 1, energies: [energy] }] } },
    /energies aren't those of the exits/,
  ],
  ["with energies of no exit", { energies: { ...runs.energies, exits: [] } }, /energies aren't those/],
  ["that take too long", { backbone: { times: [1, 1e6], predicted: [0, 1] } }, /longer than there was time/],
])("runs %s are none", (_, change, words) => {
  const check = (value: object) =>
    verifyKind.check({ value: value as typeof runs, files: {} }, subject, options);
  expect(() => check(runs)).not.toThrow();
  expect(() => check({ ...runs, ...change })).toThrow(words);
});

it.each([{ times: [1, 0] }, { times: [1, -1] }, { times: [1, Number.NaN] }])("%j are no times", (change) => {
  expect(verifyKind.value.safeParse(runs).success).toBe(true);
  expect(verifyKind.value.safeParse({ ...runs, plan: { ...runs.plan, ...change } }).success).toBe(false);
});

it.each([{ ms: -1 }, { ms: Number.NaN }, { round: 1e6 }])("%j is no energy", (change) => {
  const energies = { ...runs.energies, backbone: [{ ...energy, ...change }] };
  expect(verifyKind.value.safeParse({ ...runs, energies }).success).toBe(false);
});
