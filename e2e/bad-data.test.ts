import { randomUUID } from "node:crypto";
import { cp, mkdir, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { encodeNpz } from "../electron/engine/base/npz.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { expectRefusal, offrampJson, ownFolder, shared } from "./testing/command-line.ts";
import { classNames, gratings } from "./testing/gratings.ts";

const { path } = ownFolder();
const args = (data: string, preprocess = shared("preprocess.json")) => [
  ...["run", shared("model.onnx"), "--data", data, "--preprocess", preprocess],
  ...["--out", path(`out-${randomUUID()}`), "--profile-seconds", "0.5", "--no-compare"],
];

beforeAll(async () => {
  await mkdir(path("empty"));
  await writeFile(path("notes.txt"), "no images here\n");
  await cp(shared("data", "train", "vertical"), path("one-class", "vertical"), { recursive: true });
  for (const [index, name] of classNames.entries())
    if (index < 3) {
      await mkdir(path("three-images", name), { recursive: true });
      const [image] = await readdir(shared("data", "test", name));
      await cp(shared("data", "test", name, image), path("three-images", name, image));
    }
  await cp(shared("data", "train"), path("three-classes"), { recursive: true });
  await rm(path("three-classes", "vertical"), { recursive: true });
  await cp(shared("data", "train"), path("five-classes"), { recursive: true });
  await cp(path("five-classes", "vertical"), path("five-classes", "wavy"), { recursive: true });
  await cp(shared("data", "train"), path("damaged"), { recursive: true });
  for (const image of (await readdir(path("damaged", "vertical"))).slice(0, 40))
    await truncate(path("damaged", "vertical", image), 60);
  const labels = Int32Array.from({ length: 200 }, (_, index) => index % 4);
  const arrays = (shape: number[]) => ({
    x_train: { shape: [200, ...shape], data: new Uint8Array(200 * shape.reduce((a, b) => a * b)) },
    y_train: { shape: [200], data: labels },
  });
  await writeFile(path("large.npz"), encodeNpz(arrays([20, 20, 3])));
  await writeFile(path("two-channels.npz"), encodeNpz(arrays([16, 16, 2])));
  await writeFile(path("unlabelled.npz"), encodeNpz({ x_train: arrays([16, 16, 3]).x_train }));
  await writeFile(path("misnumbered.npz"), misnumbered());
  await writeFile(path("cut.npz"), encodeNpz(arrays([16, 16, 3])).subarray(0, 20_000));
  await writeFile(path("bad.json"), '{"mean": [0.5], "scaling": 2}');
  await writeFile(path("four.json"), '{"mean": [1, 2, 3, 4]}');
  await writeFile(path("broken.json"), '{"mean": [0.5');
});

/** Labels 1, 3, 5 and 7. */
function misnumbered(): Uint8Array {
  const { bytes, labels } = gratings(50, 9);
  return encodeNpz({
    x_train: { shape: [200, 16, 16, 3], data: bytes },
    y_train: { shape: [200], data: Int32Array.from(labels, (label) => 2 * label + 1) },
  });
}

describe("data that doesn't fit is refused before anything is trained", () => {
  test.concurrent.each([
    ["nowhere", /nowhere: no such file or folder, expected a data set's file or folder/],
    ["empty", /empty: no data set found, it is an empty folder; expected/],
    ["notes.txt", /notes\.txt: no data set found, it is a single file of another kind/],
    ["one-class", /has 1 classes?, but the model has 4|has one class/],
    ["three-images", /has 3 classes, but the model has 4|at least 10 are needed/],
    ["three-classes", /three-classes: has 3 classes, but the model has 4/],
    ["five-classes", /label is 4, but the model has 4 classes \(0 to 3\)/],
    ["damaged", /images of the \w+ split can't be read, more than 1 %: vertical\/\d+\.png/],
    ["large.npz", /20 ?x ?20.*16 ?x ?16/],
    ["two-channels.npz", /2 channels/],
    ["unlabelled.npz", /y_train|labels/],
    [
      "misnumbered.npz",
      /label is [57], but the model has 4 classes .*; labels start at 1, number them from 0/,
    ],
    ["cut.npz", /cut\.npz/],
  ])("%s", (name, says) => expectRefusal(args(path(name)), { says }));

  test("three images in all four classes' stead", async () => {
    await cp(path("three-images"), path("few"), { recursive: true });
    const [image] = await readdir(shared("data", "test", "vertical"));
    await mkdir(path("few", "vertical"), { recursive: true });
    await cp(shared("data", "test", "vertical", image), path("few", "vertical", image));
    await expectRefusal(args(path("few")), {
      says: /few: has \d images for the \w+ split, at least 10 are needed/,
    });
  });

  test("split sizes that leave too little", async () => {
    await expectRefusal([...args(shared("data")), "--train-samples", "3"], {
      says: /has 3 images for the train split, at least 10 are needed.*--train-samples/,
    });
    await expectRefusal(
      [...args(shared("data", "train")), "--test-share", "0.6", "--calibration-share", "0.5"],
      {
        code: 2,
        says: /leave nothing to train on/,
      },
    );
  });
});

describe("preprocessing that can't be is refused", () => {
  test.concurrent.each([
    ["imagnet", 2, /unknown preprocessing "imagnet": use one of imagenet, /],
    ["bad.json", 1, /bad\.json: .*"scaling"/],
    ["four.json", 1, /mean has 4 values, but the model's input "image" has 3 channels/],
    ["broken.json", 1, /broken\.json: is no JSON/],
    ["./none.json", 1, /none\.json: no such file/],
  ] as const)("%s", (name, code, says) =>
    expectRefusal(args(shared("data"), name.endsWith(".json") && !name.startsWith(".") ? path(name) : name), {
      code,
      says,
    }),
  );
});

test("a few unreadable images are left out, counted and named", async () => {
  await cp(shared("data"), path("nearly"), { recursive: true });
  const [image] = await readdir(path("nearly", "test", "steep"));
  await truncate(path("nearly", "test", "steep", image), 60);
  await writeFile(path("nearly", "test", "steep", "image.heic"), "");
  const summary = await offrampJson([...args(path("nearly")), "--max-drop", "1"], summarySchema);
  expect(summary.data.unreadable).toEqual([`test/steep/${image}`]);
  expect(summary.data.notes).toEqual([
    expect.stringMatching(/^1 of \d+ files is \.heic, a kind of image that isn't read, and left out/),
  ]);
  // 239 images were run, so no share of them is a multiple of 1/240.
  expect((239 * summary.backbone.accuracy) % 1).toBeCloseTo(0, 6);
});
