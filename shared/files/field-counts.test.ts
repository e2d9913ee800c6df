import { expect, test } from "vitest";
import { type CountedPoint, confidenceBins, fieldCountsSchema } from "./field-counts.ts";

/** As many in the last bin. */
const sure = (inputs: number) => [...new Array<number>(confidenceBins - 1).fill(0), inputs];

/** Of ten inputs seven leave at the only exit. */
const point: CountedPoint = {
  name: null,
  thresholds: [0.9],
  inputs: 10,
  exits: [
    { left: 7, confidence: sure(10) },
    { left: 3, confidence: sure(3) },
  ],
  latency: { inputs: 10, sumMs: 12.5, sumSquaresMs: 20 },
};

function countsOf(...points: CountedPoint[]) {
  const exits = [{ cutPoint: "a", head: "linear", policy: "top1", threshold: 0.9 }];
  const plan = { format: "offramp-plan", version: 1, backboneSha256: "net", exits };
  return { format: "offramp-field-counts", version: 1, manifestSha256: "0".repeat(64), plan, points };
}

const isRead = (counts: unknown) => fieldCountsSchema.safeParse(counts).success;

test("counts are read as they were written", () => {
  const counts = countsOf(point, { ...point, name: "fast", thresholds: [0.5], latency: undefined });
  expect(fieldCountsSchema.parse(JSON.parse(JSON.stringify(counts)))).toEqual(
    JSON.parse(JSON.stringify(counts)),
  );
  expect(isRead(countsOf())).toBe(true);
});

test("counts that don't add up, or are of another plan's exits, are refused", () => {
  const [first, last] = point.exits;
  for (const wrong of [
    { ...point, inputs: 11 },
    { ...point, exits: [{ ...first, left: 6 }, last] },
    { ...point, exits: [first, { ...last, confidence: sure(4) }] },
    { ...point, exits: [{ left: 10, confidence: sure(10) }] },
    { ...point, thresholds: [0.9, 0.8] },
    {
      ...point,
      exits: [
        { ...first, left: -7 },
        { ...last, left: 17 },
      ],
    },
  ])
    expect(isRead(countsOf(wrong))).toBe(false);
});
