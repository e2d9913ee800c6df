import { expect, test } from "vitest";
import { type CutPoint, featureMapOf, featureText } from "../../../../../shared/model/backbone.ts";
import { importProto } from "../../testing/test-backbone.ts";
import {
  shiftedWindows,
  standingWindows,
  turnedBackAndForth,
  turningConvolutions,
  visionTransformer,
} from "../../testing/test-transformers.ts";

function described(cuts: readonly CutPoint[]) {
  return cuts.map(({ tensor, layout, shape }) => [tensor, layout, shape.join()]);
}

test.each([1, "N"])("a transformer with batch %s is cut after every block, on its tokens", async (batch) => {
  const { proto, blocks } = visionTransformer(3, batch);
  const { summary } = await importProto(proto);
  const [stem, ...cuts] = summary.cutPoints;
  expect(summary.input.dynamicBatch).toBe(batch === "N");
  expect(featureMapOf(stem)).toMatchObject({ channels: 8, height: 4, width: 4 });
  // The last is behind the attention of the last block: its other half is all that is left before the classifier.
  expect(described(cuts)).toEqual([
    [blocks[0], "channels-last", "1,17,8"],
    [blocks[1], "channels-last", "1,17,8"],
    [expect.stringMatching(/^add/), "channels-last", "1,17,8"],
  ]);
  for (const cut of cuts) {
    expect(cut.patches).toEqual({ height: 4, width: 4, first: 1 });
    expect(featureMapOf(cut)).toEqual({ channels: 8, height: 4, width: 4, classToken: 0 });
    expect(featureText(cut)).toBe("17 tokens x 8");
  }
  // Per block: q, k, v and projection 4·17·8·8, scores and mixture 2·17·17·8, two linear layers 2·17·8·16.
  const block = 4 * 17 * 64 + 2 * 17 * 17 * 8 + 2 * 17 * 128;
  const stemMacs = 16 * 8 * 12;
  expect(summary.macs).toBe(stemMacs + 3 * block + 40);
  expect(cuts.map(({ macs }) => macs)).toEqual([
    stemMacs + block,
    stemMacs + 2 * block,
    stemMacs + 3 * block - 2 * 17 * 128,
  ]);
});

test.each([1, "N"])("shifted windows with batch %s are cut on the maps between the blocks", async (batch) => {
  const { proto, blocks } = shiftedWindows(batch);
  const { cutPoints } = (await importProto(proto)).summary;
  const [stem, ...cuts] = described(cutPoints);
  expect(stem.slice(1)).toEqual(["channels-last", "1,4,4,8"]);
  expect(cuts).toEqual([
    [blocks[0], "channels-last", "1,4,4,8"],
    // The second block's end with its quarters side by side, normalised; then what the merging makes of it.
    [expect.stringMatching(/^add/), "channels-last", "1,2,2,32"],
    [expect.stringMatching(/^add/), "channels-last", "1,2,2,16"],
    [blocks[2], "channels-last", "1,2,2,16"],
    [expect.stringMatching(/^add/), "channels-last", "1,2,2,16"],
  ]);
  expect(featureText(cutPoints[1])).toBe("8x4x4");
});

test("blocks that turn to channels last and back are cut where they are back", async () => {
  const { proto, blocks } = turningConvolutions();
  const { cutPoints } = (await importProto(proto)).summary;
  expect(described(cutPoints)).toEqual(
    [expect.stringMatching(/^conv/), blocks[0], blocks[1]].map((tensor) => [
      tensor,
      "channels-first",
      "1,8,4,4",
    ]),
  );
});

test("windows that stay windows are maps of windows x tokens", async () => {
  const { proto, blocks } = standingWindows();
  const { cutPoints } = (await importProto(proto)).summary;
  expect(described(cutPoints)).toEqual([
    [expect.stringMatching(/^conv/), "channels-first", "1,8,4,4"],
    [blocks[0], "channels-last", "1,4,4,8"],
    [blocks[1], "channels-last", "1,4,4,8"],
    // Out of the windows again.
    [expect.stringMatching(/^reshape/), "channels-first", "1,8,4,4"],
  ]);
});

test("an export that turns around every convolution is cut with channels last", async () => {
  const { proto, blocks } = turnedBackAndForth();
  const { summary } = await importProto(proto);
  expect(summary.input).toMatchObject({ layout: "NHWC", channels: 3, height: 6, width: 8 });
  const [stem, ...cuts] = described(summary.cutPoints);
  expect(stem.slice(1)).toEqual(["channels-last", "1,6,8,8"]);
  expect(cuts).toEqual([blocks[0], blocks[1]].map((tensor) => [tensor, "channels-last", "1,6,8,8"]));
  expect(featureMapOf(summary.cutPoints[1])).toEqual({ channels: 8, height: 6, width: 8 });
});
