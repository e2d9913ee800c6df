import { describe, expect, test } from "vitest";
import { outputHead } from "../../model/plan.ts";
import { exit, figures } from "../testing/test-plans.ts";
import { networksOnTheWay, whoAnswers } from "./answering-networks.ts";
import { verdict } from "./verdict.ts";

const networks = [
  { name: "ft_resnet56", sha256: "big" },
  { name: "ft_resnet20", sha256: "small" },
  { name: "ft_resnet8", sha256: "tiny" },
];
const output = (member: string) => ({ ...exit("scores"), member, head: outputHead });

function says(plan: Parameters<typeof networksOnTheWay>[0], rates: readonly number[]): string {
  return whoAnswers({ exits: plan.exits.length, through: networksOnTheWay(plan, networks) }, rates);
}

describe("who answers", () => {
  test("is told network by network", () => {
    const small = { ...exit("half"), member: "small" };
    const two = { exits: [small, output("small"), exit("half")], chain: ["small", "big"] };
    expect(says(two, [0.5, 0.21, 0.2, 0.09])).toBe(
      "ft_resnet20 answers 71 % of the inputs, ft_resnet56 the rest",
    );
    const three = { exits: [output("tiny"), output("small")], chain: ["tiny", "small", "big"] };
    expect(says(three, [0.5, 0.3, 0.2])).toBe(
      "ft_resnet8 answers 50 % of the inputs, ft_resnet20 30 %, ft_resnet56 the rest",
    );
    // What isn't certain is never said to be.
    expect(says({ exits: [output("small")], chain: ["small", "big"] }, [0.998, 0.002])).toBe(
      "ft_resnet20 answers more than 99 % of the inputs, ft_resnet56 the rest",
    );
  });

  test("is one network where there is one", () => {
    expect(says({ exits: [], chain: ["small"] }, [1])).toBe("The plan has no exits and is ft_resnet20 alone");
    expect(says({ exits: [{ ...exit("half"), member: "small" }], chain: ["small"] }, [0.4, 0.6])).toBe(
      "1 exit of ft_resnet20 answers 40 % of the inputs early",
    );
    expect(says({ exits: [] }, [1])).toBe("The plan has no exits and is the backbone alone");
    expect(says({ exits: [exit("a"), exit("b")] }, [0.25, 0.25, 0.5])).toBe(
      "2 exits answer 50 % of the inputs early",
    );
  });

  test("is said of a plan that wasn't measured yet too", () => {
    const plan = { exits: [output("small")], chain: ["small", "big"] };
    const known = { exits: 1, through: networksOnTheWay(plan, networks) };
    const chosen = { figures: figures(0.93, 0.38), backboneAccuracy: 0.934 };
    expect(verdict({ ...known, chosen })).toEqual([
      {
        id: "networks",
        tone: "plain",
        text: "ft_resnet20 answers 75 % of the inputs, ft_resnet56 the rest.",
        values: {},
      },
    ]);
  });
});
