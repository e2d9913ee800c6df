import { describe, expect, it } from "vitest";
import { cutPointSchema, type FeatureTensor, featureMapOf, featureText } from "./backbone.ts";

const patches = { height: 4, width: 8, first: 1 };

describe("features", () => {
  it.each<[string, FeatureTensor, object, string]>([
    [
      "with channels first",
      { shape: [1, 6, 4, 8], layout: "channels-first" },
      { channels: 6, height: 4, width: 8 },
      "6 × 4 × 8",
    ],
    [
      "with channels last",
      { shape: [1, 4, 8, 6], layout: "channels-last" },
      { channels: 6, height: 4, width: 8 },
      "6 × 4 × 8",
    ],
    [
      "in windows of windows",
      { shape: [1, 2, 3, 5, 6], layout: "channels-last" },
      { channels: 6, height: 6, width: 5 },
      "6 × 2 × 3 × 5",
    ],
    [
      "of tokens in unknown order",
      { shape: [1, 33, 6], layout: "channels-last" },
      { channels: 6, height: 33, width: 1 },
      "33 tokens × 6",
    ],
    [
      "of patches",
      { shape: [1, 32, 6], layout: "channels-last", patches: { ...patches, first: 0 } },
      { channels: 6, height: 4, width: 8 },
      "32 tokens × 6",
    ],
    [
      "of patches behind a class token",
      { shape: [1, 33, 6], layout: "channels-last", patches },
      { channels: 6, height: 4, width: 8, classToken: 0 },
      "33 tokens × 6",
    ],
    [
      "of patches before a class token, channels first",
      { shape: [1, 6, 33], layout: "channels-first", patches: { ...patches, first: 0 } },
      { channels: 6, height: 4, width: 8, classToken: 32 },
      "6 × 33",
    ],
  ])("%s", (_, tensor, map, text) => {
    expect(featureMapOf(tensor)).toEqual(map);
    expect(featureText(tensor, " × ")).toBe(text);
  });

  it("of older projects, which say nothing of their layout, have channels first", () => {
    const old = {
      index: 0,
      tensor: "t",
      boundary: "t",
      shape: [1, 6, 4, 8],
      type: "float32",
      node: "n",
      macs: 1,
      macsShare: 0.5,
      activationBytes: 768,
    };
    expect(featureMapOf(cutPointSchema.parse(old))).toEqual({ channels: 6, height: 4, width: 8 });
    expect(cutPointSchema.safeParse({ ...old, shape: [1, 6] }).success).toBe(false);
  });
});
