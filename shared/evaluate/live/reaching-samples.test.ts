import { expect, it } from "vitest";
import { routeSamples } from "../evaluate-plan.ts";
import { reachingSamples } from "./reaching-samples.ts";
import { randomSpace } from "./testing/random-space.ts";

it("holds those that routing sends past the earlier exits", () => {
  const space = randomSpace(300, 4, 3);
  const exits = [0, 2, 3].map((candidate) => ({ candidate, threshold: 0.75 }));
  const { exit } = routeSamples(space, exits);
  for (let k = 0; k <= exits.length; k++)
    expect([...reachingSamples(space, exits.slice(0, k))]).toEqual(
      [...exit.keys()].filter((sample) => exit[sample] >= k),
    );
});
