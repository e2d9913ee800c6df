import { expect, test } from "vitest";
import { exit } from "../../shared/presentation/testing/test-plans.ts";
import { networkTitles } from "../../shared/presentation/words/network-titles.ts";
import { describeImportance } from "./describe-importance.ts";

const titles = networkTitles([{ sha256: "0", name: "net" }]);

test("what is lost without each exit, a line each, and which brings nothing", () => {
  const plan = { exits: [exit("block1"), exit("block3")] };
  const lost = [
    { accuracyPp: 0.25, meanMs: 0.3, slowdown: 1.6 },
    { accuracyPp: 0, meanMs: -0.02, slowdown: 0.96 },
  ];
  const importance = lost.map((own) => ({ without: { exits: [] }, lost: own }));
  expect(describeImportance(plan, importance, titles)).toEqual([
    "",
    "without exit  cut point  accuracy  mean latency",
    "           1  block1     +0.25 pp  +0.30 ms, 1.60x as long",
    "           2  block3      0.00 pp  −0.020 ms, 0.96x as long  brings nothing",
  ]);
  expect(describeImportance(plan, [], titles)).toEqual([]);
});
