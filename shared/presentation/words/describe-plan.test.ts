import { describe, expect, test } from "vitest";
import { outputHead } from "../../model/plan.ts";
import { exit } from "../testing/test-plans.ts";
import {
  chainLabel,
  describeChain,
  describePlan,
  type PlaceNames,
  placeOfEnd,
  placeOfExit,
  whereExitStands,
} from "./describe-plan.ts";
import { networkTitles } from "./network-titles.ts";

const networks = networkTitles([
  { name: "ft_resnet56", sha256: "big" },
  { name: "ft_resnet20", sha256: "small" },
]);
const places: PlaceNames = {
  networks,
  cutPoint: (tensor, member) => `${member ? "little" : "large"} ${tensor}`,
};
const early = { ...exit("half", 0.75), member: "small" };
const output = { ...exit("scores", 0.625), member: "small", head: outputHead };
const late = exit("half", 0.5);

describe("a plan in one line", () => {
  const says = (plan: Parameters<typeof describePlan>[0]) => describePlan(plan, places);

  test("of the backbone is its exits", () => {
    expect(says({ exits: [] })).toBe("backbone alone");
    expect(says({ exits: [late] })).toBe("large half ≥ 0.500");
  });

  test("of another network alone says which one", () => {
    expect(says({ exits: [], chain: ["small"] })).toBe("resnet20 alone");
    expect(says({ exits: [early], chain: ["small"] })).toBe("resnet20: little half ≥ 0.750");
  });

  test("of several has the exits of each behind its name", () => {
    const chain = ["small", "big"];
    expect(says({ exits: [early, output, late], chain })).toBe(
      "resnet20: little half ≥ 0.750, output ≥ 0.625, then resnet56: large half ≥ 0.500",
    );
    expect(says({ exits: [output], chain })).toBe("resnet20: output ≥ 0.625, then resnet56");
    expect(says({ exits: [], chain })).toBe("resnet20, then resnet56");
  });
});

test("networks have whole names in sentences and short ones in labels", () => {
  const plan = { chain: ["small", "big"] };
  expect(describeChain(plan, networks)).toBe("ft_resnet20, then ft_resnet56");
  expect(chainLabel(plan, networks)).toBe("resnet20 → resnet56");
  expect(describeChain({ chain: ["small"] }, networks)).toBe("ft_resnet20 alone");
  expect(describeChain({}, networks)).toBeUndefined();
  expect(chainLabel({}, networks)).toBe("resnet56");
});

test("places name their network where the backbone isn't alone", () => {
  const plan = { chain: ["small", "big"] };
  const placed = [early, output, late].map((own) => placeOfExit(own, plan, places));
  expect([...placed, placeOfEnd(plan, networks)]).toEqual([
    "resnet20: little half",
    "output of resnet20",
    "resnet56: large half",
    "output of resnet56",
  ]);
  expect([early, output].map((own) => whereExitStands(own, plan, places))).toEqual([
    "after little half of resnet20",
    "at the output of resnet20",
  ]);
  expect(whereExitStands(late, {}, places)).toBe("after large half");
  expect([placeOfExit(late, {}, places), placeOfEnd({}, networks)]).toEqual(["large half", "backbone"]);
  expect(placeOfEnd({ chain: ["small"] }, networks)).toBe("output of resnet20");
});
