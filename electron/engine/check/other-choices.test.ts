import { describe, expect, it } from "vitest";
import type { BackboneInput } from "../../../shared/model/backbone.ts";
import { type Preprocess, preprocessSchema } from "../../../shared/model/preprocess.ts";
import type { DatasetSource } from "../dataset/dataset-source.ts";
import { answeredOrder, otherOrders, otherPreprocessings } from "./other-choices.ts";

const input = { name: "image", type: "float32", channels: 3 } as BackboneInput;
const parsed = (value: object): Preprocess => preprocessSchema.parse(value);
const cifar = { mean: [0.49, 0.48, 0.45], standardDeviation: [0.25, 0.24, 0.26] };

function offered(preprocess: object, { model = input, isColoured = false, range = undefined as never } = {}) {
  return otherPreprocessings(parsed(preprocess), model, range, isColoured).map(({ what }) => what);
}

describe("otherPreprocessings", () => {
  it("changes scale and normalisation, each to what makes other inputs", () => {
    const others = ["ImageNet's mean and deviation", "Caffe's mean, channels as BGR"];
    const signed = "pixels scaled to -1 to 1";
    expect(offered(cifar)).toEqual(["pixels scaled to 0 to 1", signed, "pixels left at 0 to 255", ...others]);
    expect(offered({})).toEqual([signed, "pixels left at 0 to 255", ...others]);
    expect(offered({ scale: 1 })).toEqual(["pixels scaled to 0 to 1", signed, ...others]);
    // Another way to write -1 to 1.
    expect(offered({ scale: 1 / 127.5, mean: [1] })).not.toContain(signed);
    // Means of scaled pixels, but pixels not scaled.
    expect(offered({ ...cifar, scale: 1 })[1]).toBe("pixels scaled to 0 to 1, the same mean and deviation");
    // Nothing but another way to write ImageNet's.
    const wide = { scale: 1, mean: [123.675, 116.28, 103.53], standardDeviation: [58.395, 57.12, 57.375] };
    expect(offered(wide)).not.toContain("ImageNet's mean and deviation");
  });

  it("swaps the colours of coloured images, by themselves and with each scale", () => {
    expect(offered({}, { isColoured: true })).toEqual([
      "channels as BGR",
      "pixels scaled to -1 to 1",
      "pixels scaled to -1 to 1 and channels as BGR",
      "pixels left at 0 to 255",
      "pixels left at 0 to 255 and channels as BGR",
      "ImageNet's mean and deviation",
      "ImageNet's mean and deviation and channels as BGR",
      "Caffe's mean, channels as BGR",
    ]);
    expect(offered({ channels: "bgr" }, { isColoured: true })[0]).toBe("channels as RGB");
    expect(offered({ channels: "grey" }, { isColoured: true })).not.toContain("channels as BGR");
  });

  it("leaves bytes that a model reads, and values that are normalised, in their scale", () => {
    expect(offered({}, { model: { ...input, type: "uint8" }, isColoured: true })).toEqual([
      "channels as BGR",
    ]);
    const range = { min: -2, max: 2, mean: 0, deviation: 1 } as never;
    expect(offered({ scale: 1 }, { range })).toEqual([]);
  });

  it("reaches 0 to 255 from values of 0 to 1 and of -1 to 1", () => {
    const reach = (min: number) => {
      const range = { min, max: 1, mean: 0.4, deviation: 0.3 };
      const all = otherPreprocessings(parsed({}), input, range, false);
      return all.find(({ what }) => what === "pixels left at 0 to 255")?.preprocess;
    };
    expect(reach(0)).toMatchObject({ scale: 255, mean: [0], standardDeviation: [1] });
    // 127.5 v + 127.5
    expect(reach(-1)).toMatchObject({ scale: 127.5, mean: [-127.5] });
  });

  it("says how each is chosen at a terminal", () => {
    const [, none, imagenet] = otherPreprocessings(parsed({}), input, undefined, false);
    expect(none.remedy).toBe("--preprocess none");
    expect(imagenet.remedy).toBe(
      'set "mean": [0.485,0.456,0.406], "standardDeviation": [0.229,0.224,0.225] in the preprocessing\'s JSON file',
    );
  });
});

function sourceOf(classNames: readonly string[], present = classNames.length): DatasetSource {
  const labels = Int32Array.from({ length: present }, (_, label) => label);
  return { classNames, parts: { all: { labels } } } as unknown as DatasetSource;
}

describe("otherOrders", () => {
  it("sorts by name and by number, if that is another order", () => {
    const sorted = otherOrders(sourceOf(["0", "1", "10", "2"]));
    expect(sorted).toEqual([
      {
        what: "classes sorted by number (0, 1, 2, 10)",
        remedy: "--classes with a file that lists 0, 1, 2, 10, one a line",
        classNames: ["0", "1", "2", "10"],
        places: [0, 1, 3, 2],
      },
    ]);
    expect(otherOrders(sourceOf(["c2", "c10", "c1"])).map(({ classNames }) => classNames)).toEqual([
      ["c1", "c10", "c2"],
      ["c1", "c2", "c10"],
    ]);
    expect(otherOrders(sourceOf(["a", "b", "c"]))).toEqual([]);
  });

  it("exchanges two classes", () => {
    const orders = otherOrders(sourceOf(["no", "yes"]));
    expect(orders).toMatchObject([{ what: "the two classes exchanged (yes, no)", places: [1, 0] }]);
  });

  it("leaves the order alone where images show some of the classes only", () => {
    expect(otherOrders(sourceOf(["b", "a", "c"], 2))).toEqual([]);
  });
});

describe("answeredOrder", () => {
  const source = sourceOf(["a", "b", "c"]);
  const labels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2];
  const orderOf = (answers: readonly number[]) =>
    answeredOrder(source, {
      answers: Int32Array.from(answers),
      labels: Int32Array.from(labels.slice(0, answers.length)),
    });

  it("is that of the answers which most images of each class get", () => {
    expect(orderOf([1, 1, 1, 0, 2, 2, 2, 0, 0, 1])).toMatchObject({
      what: "classes in the order that it answers them (c, a, b)",
      classNames: ["c", "a", "b"],
      places: [1, 2, 0],
    });
  });

  it.each([
    ["the present order", [0, 0, 0, 1, 1, 1, 1, 2, 2, 0]],
    ["two classes that are answered alike", [1, 1, 1, 1, 1, 1, 1, 0, 0, 0]],
    ["a class without a majority", [1, 1, 0, 0, 0, 0, 0, 2, 2, 2]],
  ])("says nothing of %s", (_, answers) => {
    expect(orderOf(answers)).toBeUndefined();
  });

  it("says nothing where a class has two images", () => {
    expect(orderOf([1, 1, 1, 1, 0, 0, 0, 2, 2])).toBeUndefined();
  });
});
