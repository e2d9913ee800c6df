import { expect, test } from "vitest";
import type { FrontFile } from "../../files/front-file.ts";
import { figures, frontFile } from "../testing/test-plans.ts";
import { besideFrozen, describeBesideFrozen } from "./tuned-plan.ts";
import { frontEvidence, verdict } from "./verdict.ts";

const networks = [
  { name: "big", sha256: "0", graphSha256: "g" },
  { name: "big tuned", sha256: "t", graphSha256: "g", tunedFrom: "0" },
];

const planOf = (mean: number, rest: Partial<FrontFile["recommended"]> = {}): FrontFile["recommended"] => ({
  exits: [],
  figures: figures(0.9, mean),
  feasible: true,
  misses: [],
  ...rest,
});

/** The backbone takes 2 ms. */
function front(recommended: FrontFile["recommended"], frozen?: FrontFile["recommended"]): FrontFile {
  const [search] = frontFile().searches;
  return frontFile({ recommended, frozen: { ...search, alone: [], recommended: frozen } });
}

function said(of: FrontFile): string | undefined {
  return verdict(frontEvidence({ front: of, networks })).find(({ id }) => id === "tuned")?.text;
}

test("a plan through a tuned network is set beside the best one without", () => {
  expect(said(front(planOf(0.5, { chain: ["t"] }), planOf(1.6)))).toBe(
    "It goes through big tuned. Without tuned networks the best plan is 1.25x as fast as the backbone, this one 4.0x, as predicted.",
  );
  expect(said(front(planOf(0.5, { chain: ["t"] }), planOf(1.6, { feasible: false })))).toBe(
    "It goes through big tuned. Without tuned networks no plan meets the use case; the nearest is 1.25x as fast as the backbone, this one 4.0x, as predicted.",
  );
  expect(said(front(planOf(0.5, { chain: ["t"] })))).toBe(
    "It goes through big tuned. Without tuned networks no plan keeps to the limits of the use case.",
  );
});

test("where tuning brings nothing that is said, and nothing where nothing was tuned", () => {
  expect(said(front(planOf(1.6), planOf(1.6)))).toBe(
    "No plan through a tuned network serves this use case better.",
  );
  expect(said(frontFile())).toBeUndefined();
});

test("the figures that it speaks of are there for machines", () => {
  const beside = besideFrozen(front(planOf(0.5, { chain: ["t"] }), planOf(1)), networks)!;
  expect(beside).toEqual({ tuned: ["big tuned"], speedup: 4, frozen: { speedup: 2, feasible: true } });
  expect(describeBesideFrozen(beside).values).toEqual({ speedup: 4, frozenSpeedup: 2 });
});
