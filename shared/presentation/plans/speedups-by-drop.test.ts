import { expect, test } from "vitest";
import type { FrontFile } from "../../files/front-file.ts";
import { frontFile } from "../testing/test-plans.ts";
import { networkTitles } from "../words/network-titles.ts";
import { listedSearches } from "./searches.ts";
import { speedupsByDrop } from "./speedups-by-drop.ts";

const titles = networkTitles([
  { name: "big", sha256: "0" },
  { name: "small", sha256: "s" },
]);

const points = (...own: readonly [accuracy: number, latencyMs: number][]) =>
  own.map(([accuracy, latencyMs]) => ({ exits: [], accuracy, latencyMs }));

/** The backbone is right on 90 % in 2 ms. */
function tunedFront(rest: Partial<FrontFile> = {}): FrontFile {
  const [search] = frontFile().searches;
  const frozen = {
    ...search,
    hypervolume: 0.3,
    front: points([0.89, 0.8], [0.895, 1], [0.9, 1.6]),
    alone: [{ exits: [], chain: ["s"], accuracy: 0.898, latencyMs: 0.5 }],
  };
  const tuned = { ...search, front: points([0.895, 0.4], [0.91, 0.5]) };
  return frontFile({ searches: [tuned], frozen, ...rest });
}

test("of each the fastest counts that loses no more than so much of the backbone's accuracy", () => {
  expect(speedupsByDrop(tunedFront(), titles)).toEqual([
    { dropPp: 0, frozen: 1.25, tuned: 4, rival: undefined },
    { dropPp: 0.2, frozen: 1.25, tuned: 4, rival: { name: "small", speedup: 4 } },
    { dropPp: 0.5, frozen: 2, tuned: 5, rival: { name: "small", speedup: 4 } },
    { dropPp: 1, frozen: 2.5, tuned: 5, rival: { name: "small", speedup: 4 } },
  ]);
});

test("the backbone as it came is among the plans, whatever a plan without exits takes", () => {
  const search = tunedFront().searches[0];
  const slow = { ...search, front: points([0.9, 2.2]) };
  const [{ frozen, tuned }] = speedupsByDrop(
    tunedFront({ searches: [slow], frozen: { ...slow, alone: [] } }),
    titles,
  );
  expect([frozen, tuned]).toEqual([1, 1]);
});

test("reference models are rivals too, by the latency that the use case refers to", () => {
  const reference = {
    name: "distilled",
    sha256: "d",
    accuracy: 0.9,
    latencyMs: { mean: 9, p50: 1, p95: 0.25 },
    macs: 1,
    bytes: 1,
    target: "device",
  };
  const front = tunedFront({ references: [reference], useCase: { latency: "p95" } });
  expect(speedupsByDrop(front, titles).map(({ rival }) => rival?.name)).toEqual(Array(4).fill("distilled"));
  expect(speedupsByDrop(front, titles)[0].rival?.speedup).toBe(8);
});

test("on a front of energies the least energy counts, of those of which it is known", () => {
  const counted = (...own: readonly [accuracy: number, latencyMs: number, energyMillijoules: number][]) =>
    own.map(([accuracy, latencyMs, energyMillijoules]) => ({
      ...{ exits: [], accuracy, latencyMs, energyMillijoules },
    }));
  const [search] = frontFile().searches;
  const reference = { sha256: "d", accuracy: 0.9, macs: 1, bytes: 1, target: "device" };
  const latencyMs = { mean: 0.1, p50: 0.1, p95: 0.1 };
  const front = tunedFront({
    useCase: { latency: "mean", axis: "energy" },
    backbone: { accuracy: 0.9, latencyMs: 2, energyMillijoules: 12 },
    frozen: { ...search, alone: [], front: counted([0.9, 0.1, 8], [0.9, 1, 6]) },
    searches: [{ ...search, front: counted([0.9, 1.9, 3], [0.9, 0.2, 4]) }],
    references: [
      { ...reference, name: "uncounted", latencyMs },
      { ...reference, name: "sparing", latencyMs: { ...latencyMs, mean: 9 }, energyMillijoules: 2 },
    ],
  });
  expect(speedupsByDrop(front, titles)[0]).toEqual({
    ...{ dropPp: 0, frozen: 2, tuned: 4 },
    rival: { name: "sparing", speedup: 6 },
  });
});

test("where nothing was tuned there is nothing to compare", () => {
  expect(speedupsByDrop(frontFile(), titles)).toEqual([]);
  expect(listedSearches(frontFile()).map(({ series }) => series.id)).toEqual([
    "search:exact",
    "search:nsga2",
  ]);
  expect(listedSearches(tunedFront()).map(({ search, series }) => [series.id, search.hypervolume])).toEqual([
    ["search:exact", 0.5],
    ["frozen", 0.3],
  ]);
});
