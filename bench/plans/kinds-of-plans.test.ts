import { expect, test } from "vitest";
import { seededRandom } from "../../shared/base/random.ts";
import { buildChains } from "../../shared/chains/build-chains.ts";
import { bigAndLittle } from "../../shared/chains/testing/made-up-networks.ts";
import { chainKinds, searchExactly } from "./kinds-of-plans.ts";

const shape = { samples: 2000, positions: 6, maxExits: 2, levels: 8 };
const all = buildChains(bigAndLittle(seededRandom(1), shape), "cheaper-first");

test("each kind has the chains and exits that it may use", () => {
  const sizes = chainKinds.map(({ spaces }) =>
    spaces(all).map(({ chain = ["big"], space }) => [chain.join(), space.candidates.length]),
  );
  // Six cut points, and a third of them in the little network, whose output is an exit where the big one follows.
  expect(sizes).toEqual([
    [["big", 6]],
    [
      ["big", 0],
      ["little", 0],
    ],
    [
      ["big", 0],
      ["little", 0],
      ["little,big", 1],
    ],
    [
      ["big", 6],
      ["little", 2],
      ["little,big", 9],
    ],
  ]);
});

test("chains with exits are never below exits alone, static networks and chains without exits", async () => {
  const fronts = [];
  for (const { spaces } of chainKinds) {
    const { front, proven } = await searchExactly(spaces(all), "front", { latency: "mean" }, 600);
    expect(proven).toBe(true);
    fronts.push(front);
  }
  const best = fronts[fronts.length - 1];
  for (const point of fronts.flat())
    expect(
      best.some(({ right, latencyMs }) => right >= point.right && latencyMs <= point.latencyMs * (1 + 1e-12)),
    ).toBe(true);
  // The static networks' front is the two of them.
  expect(fronts[1].map(({ chain, exits }) => [chain?.join(), exits])).toEqual([
    ["little", []],
    [undefined, []],
  ]);
});
