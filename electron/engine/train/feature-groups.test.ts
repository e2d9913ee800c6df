import { describe, expect, it } from "vitest";
import type { CutPoint } from "../../../shared/model/backbone.ts";
import { averagePooling, mapPooling } from "../heads/pooling.ts";
import { featureGroups, rowLimit, type StoredFeatures } from "./feature-groups.ts";

function cutOf(index: number, channels: number): CutPoint {
  const place = { index, tensor: `t${index}`, boundary: `t${index}`, node: "n", macs: 1, macsShare: 0.5 };
  return {
    ...place,
    shape: [1, channels, 4, 4],
    layout: "channels-first",
    type: "float32",
    activationBytes: 4,
  };
}

/** A row takes 2 bytes a channel and place, 4 a class and 8 for its label: 32 channels + 16. */
function stored(channels: readonly number[], copies = 0): StoredFeatures {
  const cutPoints = channels.map((count, index) => cutOf(index, count));
  return { cutPoints, poolings: [mapPooling(8)], classes: 2, copies };
}

describe("groups", () => {
  const sizes = (network: StoredFeatures, rows: number, budget: number) =>
    featureGroups(network, rows, budget).map((group) => group.map(({ index }) => index));

  it("hold as many neighbours as fit", () => {
    // Rows of 16 + 32, 16 + 64 and 16 + 64 bytes, of which labels and logits are stored once.
    const network = stored([1, 2, 2]);
    expect(sizes(network, 10, 1760)).toEqual([[0, 1, 2]]);
    expect(sizes(network, 10, 1759)).toEqual([[0, 1], [2]]);
    expect(sizes(network, 10, 1119)).toEqual([[0], [1], [2]]);
    expect(sizes(network, 10, 1)).toEqual([[0], [1], [2]]);
  });

  it("are smaller for several versions of the images", () => {
    // 10 rows, and 9 to learn from once more.
    expect(sizes(stored([1, 2], 1), 10, 19 * 112)).toEqual([[0, 1]]);
    expect(sizes(stored([1, 2], 1), 10, 19 * 112 - 1)).toEqual([[0], [1]]);
  });
});

describe("rows", () => {
  it("are as many as the largest cut point leaves room for", () => {
    expect(rowLimit([stored([1, 20])], 656 * 5000)).toBe(5000);
    expect(rowLimit([stored([1, 20], 4)], 656 * 5000)).toBe(1000);
  });

  it("need no more than a few passes, for all networks together", () => {
    // Twelve cut points of 48 bytes a row.
    const network = stored(Array.from({ length: 12 }, () => 1));
    expect(rowLimit([network], 12 * 48 * 1000)).toBe(4000);
    expect(rowLimit([network, network], 12 * 48 * 1000)).toBe(2000);
    expect(rowLimit([{ ...network, poolings: [averagePooling] }], 12 * 48 * 1000)).toBeGreaterThan(7000);
  });

  it("are never so few that nothing can be learnt", () => {
    expect(rowLimit([stored([1000])], 1)).toBe(100);
  });
});
