import { cp, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { encodeNpz } from "../electron/engine/base/npz.ts";
import { openProject } from "../electron/engine/index.ts";
import { decodeModel, encodeModel } from "../electron/engine/onnx/codec.ts";
import { model } from "../electron/engine/onnx/graph-builder.ts";
import { summarySchema } from "../shared/files/summary.ts";
import { backboneCheckSchema } from "../shared/model/backbone-check.ts";
import { classOrderSchema } from "../shared/model/class-order.ts";
import { warningSchema } from "../shared/model/warning.ts";
import { expectRefusal, offramp, offrampJson, ownFolder, shared, smallRun } from "./testing/command-line.ts";
import { classNames, gratings, imageChannels, imageSize } from "./testing/gratings.ts";

const inspectedSchema = z.object({
  data: z.object({
    classes: z.number(),
    classNames: z.array(z.string()),
    classOrder: classOrderSchema,
    notes: z.array(z.string()),
    check: backboneCheckSchema,
    warnings: z.array(warningSchema),
  }),
});

const { path } = ownFolder();
const preprocess = ["--preprocess", shared("preprocess.json")];

/** What `inspect --data` says of the small model, or of another one. */
async function inspected(args: readonly string[], model = shared("model.onnx")) {
  return (await offrampJson(["inspect", model, ...args], inspectedSchema)).data;
}

/** Class folders under other names, in the order of `classNames`. */
async function renamedClasses(target: string, names: readonly string[]): Promise<void> {
  for (const part of ["train", "val", "test"]) {
    await mkdir(path(target, part), { recursive: true });
    for (const [index, name] of names.entries())
      await cp(shared("data", part, classNames[index]), path(target, part, name), { recursive: true });
  }
}

beforeAll(async () => {
  // Numbers whose order by value is the model's, which isn't that of their spelling.
  await renamedClasses("numbered", ["1", "2", "10", "20"]);
  for (const name of ["horizontal", "vertical"])
    await cp(shared("data", "train", name), path("subset", name), { recursive: true });
  await writeFile(path("classes.txt"), `${classNames.join("\n")}\n`);
  const proto = decodeModel(new Uint8Array(await readFile(shared("model.onnx"))), "model.onnx");
  const names = classNames.map((name, index) => `${index}: '${name}'`).join(", ");
  const named = model(proto.graph!, proto, { names: `{${names}}` });
  await writeFile(path("named.onnx"), encodeModel(named));
});

describe("inspect with a data set", () => {
  test("shows how right the backbone is, and the order of the classes", async () => {
    const args = ["--data", shared("data"), ...preprocess];
    const data = await inspected(args);
    expect(data).toMatchObject({
      classes: 4,
      classNames: [...classNames],
      classOrder: { source: "code points", detail: "" },
      notes: [],
      check: { images: 400, chance: 0.25, alternatives: [] },
      warnings: [],
    });
    expect(data.check.accuracy).toBeGreaterThan(0.8);
    const { stdout, code } = await offramp(["inspect", shared("model.onnx"), ...args]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/4 classes, right on \d+\.\d % of 400 training images \(95 %: /);
    expect(stdout).toMatch(
      /^classes sorted by name, as torchvision and Keras sort folders: diagonal, horizontal, steep, vertical$/m,
    );
  });

  test("finds that the model numbers its classes otherwise, and takes the list that says so", async () => {
    const args = ["--data", path("numbered"), ...preprocess];
    const data = await inspected(args);
    expect(data.classNames).toEqual(["1", "10", "2", "20"]);
    expect(data.check.alternatives[0]).toMatchObject({ classNames: ["1", "2", "10", "20"] });
    expect(data.warnings).toHaveLength(1);
    const { stdout } = await offramp(["inspect", shared("model.onnx"), ...args]);
    expect(stdout).toMatch(
      /^warning: .*with classes sorted by number \(1, 2, 10, 20\) it would be \d+\.\d %.*--classes/m,
    );
    await writeFile(path("order.json"), JSON.stringify({ 1: 0, 2: 1, 10: 2, 20: 3 }));
    const listed = await inspected([...args, "--classes", path("order.json")]);
    expect(listed.classOrder).toEqual({ source: "--classes", detail: path("order.json") });
    expect(listed.check.accuracy).toBeCloseTo(data.check.alternatives[0].accuracy, 12);
    expect(listed.warnings).toEqual([]);
    expect(listed.check.ownOrder).toEqual({ accuracy: data.check.accuracy, moved: 2 });
    const said = await offramp(["inspect", shared("model.onnx"), ...args, "--classes", path("order.json")]);
    expect(said.stdout).toMatch(
      /^the backbone is right on \d+\.\d % of 400 training images with the classes in this order, on \d+\.\d % in the data's own, where 2 of them stand elsewhere$/m,
    );
  });

  test("goes by class names in the model's metadata, also for a part of them", async () => {
    for (const name of ["data", "subset"]) {
      const at = name === "data" ? shared("data") : path("subset");
      const data = await inspected(["--data", at, ...preprocess], path("named.onnx"));
      expect(data.classOrder).toEqual({ source: "metadata", detail: "names" });
      expect(data.classNames).toEqual([...classNames]);
      expect(data.check.accuracy).toBeGreaterThan(0.7);
    }
  });

  test("brings floats of 0 to 1 to bytes, and says so", async () => {
    const { bytes, labels } = gratings(50, 9);
    const shape = [labels.length, imageSize, imageSize, imageChannels];
    const y = { shape: [labels.length], data: Int32Array.from(labels) };
    await writeFile(path("bytes.npz"), encodeNpz({ x: { shape, data: bytes }, y }));
    const floats = Float32Array.from(bytes, (byte) => byte / 255);
    await writeFile(path("floats.npz"), encodeNpz({ x: { shape, data: floats }, y }));
    const plain = await inspected(["--data", path("bytes.npz"), ...preprocess]);
    const scaled = await inspected(["--data", path("floats.npz"), ...preprocess]);
    const carved = expect.stringMatching(/carved from one part/);
    expect(plain.notes).toEqual([carved]);
    expect(scaled.notes).toEqual([expect.stringMatching(/taken as 0 to 1 and brought to 0 to 255/), carved]);
    expect(scaled.check.accuracy).toBeCloseTo(plain.check.accuracy, 12);
    await writeFile(path("raw.json"), JSON.stringify({ scale: 1, mean: [0.5], standardDeviation: [0.25] }));
    const raw = await inspected(["--data", path("floats.npz"), "--preprocess", path("raw.json")]);
    expect(raw).toMatchObject({ notes: [carved], check: { accuracy: plain.check.accuracy } });
    const normalised = floats.map((value) => (value - 0.5) / 0.25);
    await writeFile(path("normalised.npz"), encodeNpz({ x: { shape, data: normalised }, y }));
    await expectRefusal(["inspect", shared("model.onnx"), "--data", path("normalised.npz"), ...preprocess], {
      says: /normalised\.npz: its values, .* are normalised already, .*--preprocess none/,
    });
  });
});

describe("a part of the model's classes", () => {
  const run = (out: string) =>
    smallRun(path(out)).map((arg) => (arg === shared("data") ? path("subset") : arg));

  test("is refused without a list, and says to give one", () =>
    expectRefusal(run("unlisted"), { says: /subset: has 2 classes, but the model has 4; .*--classes FILE/ }));

  test("goes through all stages with a list, labels being places in it", async () => {
    const args = [...run("listed"), "--max-drop", "5", "--classes", path("classes.txt")];
    const { code, stderr, stdout } = await offramp([...args, "--json"]);
    expect(code, stderr).toBe(0);
    const summary = summarySchema.parse(JSON.parse(stdout));
    expect(stderr).toMatch(
      /^classes in the order of .*classes\.txt: diagonal, horizontal, steep, vertical$/m,
    );
    expect(summary.data).toMatchObject({
      classes: 4,
      classOrder: { source: "--classes", detail: path("classes.txt") },
      check: { chance: 0.5 },
      warnings: [],
    });
    // Of 200 images 60 % are for training.
    expect(summary.data.check!.images).toBe(120);
    expect(summary.backbone.accuracy).toBeGreaterThan(0.7);
    const project = await openProject(path("listed", "project.offramp"));
    expect(project.data!.classNames).toEqual([...classNames]);
    const [table] = project.tables.test.values();
    expect(new Set(table.labels)).toEqual(new Set([1, 3]));
  });

  test("verifies by the project's classes, without the list", async () => {
    await rename(path("classes.txt"), path("gone.txt"));
    const args = ["--project", path("listed", "project.offramp"), "--data", path("subset")];
    const schema = z.object({ decisionAgreement: z.number(), samples: z.number() });
    const verified = await offrampJson(["verify", path("listed", "model.onnx"), ...args], schema);
    expect(verified.samples).toBe(40);
    expect(verified.decisionAgreement).toBeGreaterThanOrEqual(0.95);
  });
});

describe("a backbone that is no better than guessing", () => {
  const [first, ...others] = classNames;
  const turned = [first, ...others.slice(1), others[0]];
  const wrong = (out: string, list = "turned.txt") =>
    ["train", shared("model.onnx"), "--data", shared("data"), ...preprocess, "--epochs", "1"].concat([
      ...["--train-samples", "100", "--classes", path(list), "-o", path(out)],
    ]);

  beforeAll(async () => {
    await writeFile(path("turned.txt"), turned.join("\n"));
    await writeFile(path("all-turned.txt"), [...others, first].join("\n"));
  });

  test("stops a training with what was measured and what would help", () =>
    expectRefusal(wrong("refused.offramp"), {
      says: /right on \d+\.\d % of 100 training images \(95 %: .*\), which is no better than guessing \(25\.0 %\); with classes sorted by name .* it would be \d\d\.\d %.*--classes.*--force/,
    }));

  test("trains all the same with --force, and is warned of before", async () => {
    const { code, stderr } = await offramp([...wrong("forced.offramp"), "--force"]);
    expect(code, stderr).toBe(0);
    expect(stderr.indexOf("warning: the backbone is right on")).toBeGreaterThan(stderr.indexOf("check done"));
    expect(stderr.indexOf("train …")).toBeGreaterThan(stderr.indexOf("warning: the backbone is right on"));
    const project = await openProject(path("forced.offramp"));
    expect(project.data!.classNames).toEqual(turned);
  });

  test("is warned of, and trained on, where it is surely worse", async () => {
    const { code, stderr } = await offramp(wrong("worse.offramp", "all-turned.txt"));
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/warning: the backbone is right on .*, which is worse than guessing \(25\.0 %\)/);
  });
});

test("a mean that no pixel reaches is refused with what to do", async () => {
  await writeFile(path("wide.json"), JSON.stringify({ mean: [123.675] }));
  await expectRefusal(
    ["inspect", shared("model.onnx"), "--data", shared("data"), "--preprocess", path("wide.json")],
    {
      says: /mean: 123\.675 is beyond the scaled pixels' range, 0 to 1: set "scale" to 1, or divide it by 255/,
    },
  );
});

test("a list of classes for no data is wrong usage", async () => {
  await writeFile(path("lone.txt"), "a\nb\n");
  await expectRefusal(["inspect", shared("model.onnx"), "--classes", path("lone.txt")], {
    code: 2,
    says: /a list of classes without data: give --data/,
  });
});
