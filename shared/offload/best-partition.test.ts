import { expect, test } from "vitest";
import { seededRandom } from "../base/random.ts";
import type { DesignSpace } from "../space/design-space.ts";
import { syntheticSpace } from "../space/testing/synthetic-space.ts";
import { bestPartition } from "./best-partition.ts";

const device = syntheticSpace(seededRandom(1), { samples: 20, positions: 2, maxExits: 1, levels: 4 });

/** The backbone alone takes so many ms there. */
function at(tensor: string | undefined, backboneMs: number): DesignSpace {
  const partition = tensor === undefined ? undefined : ({ tensor } as DesignSpace["partition"]);
  return { space: { ...device, backboneMs }, partition };
}

test("the best partition is the fastest, and none rather than one that is no faster", () => {
  expect(
    bestPartition([at(undefined, 4), at("input", 5), at("b", 2), at("c", 3)], [], { latency: "mean" }),
  ).toEqual({
    cut: "b",
  });
  expect(bestPartition([at(undefined, 2), at("input", 2)], [], { latency: "mean" })).toEqual({});
});
