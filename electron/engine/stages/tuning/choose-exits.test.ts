import { expect, test } from "vitest";
import type { FrontFile } from "../../../../shared/files/front-file.ts";
import type { PlanExit } from "../../../../shared/model/plan.ts";
import type { Head } from "../../heads/head.ts";
import type { CalibratedModel, Project } from "../../project/project.ts";
import { chooseExits, exitsOfPlan } from "./choose-exits.ts";

/** Places at 10, 20, … 90 % of the MACs; on the calibration split `wide` is right on half of two samples, `narrow` on none. */
function network(places: readonly string[] = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]): CalibratedModel {
  const all = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  const cutPoints = all.map((tensor, index) => ({ index, tensor, macsShare: (index + 1) / 10 }));
  const heads = places.flatMap((cutPoint) => ["narrow", "wide"].map((kind) => ({ cutPoint, kind }) as Head));
  const correct = Uint8Array.from(heads.flatMap(({ kind }) => (kind === "wide" ? [1, 0] : [0, 0])));
  const table = { exits: heads.length, samples: 2, correct, confidence: new Float32Array(correct.length) };
  const tables = { calibration: new Map([["top1", table]]), test: new Map() };
  return { backbone: { summary: { name: "net", cutPoints } }, heads, tables } as unknown as CalibratedModel;
}

function exit(cutPoint: string, head: string, member?: string): PlanExit {
  return { cutPoint, head, member, policy: "top1", threshold: 0.5 };
}

function frontOf(...plans: readonly (readonly PlanExit[])[]): Pick<Project, "front"> {
  const front = plans.map((exits) => ({ exits }));
  const random = [{ exits: [exit("a", "narrow")] }];
  return { front: { searches: [{ front }, { front: random }] } as unknown as FrontFile };
}

const without = { front: undefined };
const shown = (heads: readonly Head[]) => heads.map(({ cutPoint, kind }) => `${cutPoint} ${kind}`).join(", ");

test("without a front exits spread evenly, each with the head that is most often right", () => {
  expect(shown(chooseExits(without, network(), undefined, undefined, 1))).toBe("e wide");
  expect(shown(chooseExits(without, network(), undefined, undefined, 3))).toBe("b wide, e wide, g wide");
  expect(chooseExits(without, network(), undefined, undefined, 20)).toHaveLength(9);
  // Where not every place has heads.
  expect(shown(chooseExits(without, network(["a", "b", "h"]), undefined, undefined, 2))).toBe(
    "b wide, h wide",
  );
});

test("with a front those that it uses most come first, with the heads that it uses", () => {
  const front = frontOf(
    [exit("c", "narrow"), exit("i", "wide")],
    [exit("c", "narrow")],
    [exit("c", "wide"), exit("b", "narrow", "other"), exit("logits", "output", "other")],
    [],
  );
  expect(shown(chooseExits(front, network(), undefined, undefined, 1))).toBe("c narrow");
  expect(shown(chooseExits(front, network(), undefined, undefined, 2))).toBe("c narrow, i wide");
  // The longest stretch without one is from 30 % to 90 %.
  expect(shown(chooseExits(front, network(), undefined, undefined, 3))).toBe("c narrow, f wide, i wide");
  expect(shown(chooseExits(front, network(), "other", undefined, 1))).toBe("b narrow");
});

test("places that a person names are taken, in their order", () => {
  const wanted = [{ cutPoint: "g", head: "narrow" }, { cutPoint: "b" }];
  expect(shown(chooseExits(without, network(), undefined, wanted))).toBe("b wide, g narrow");
});

test.each([
  ["no head there", [{ cutPoint: "i" }], "net has no exit head at 'i'; there are some at a"],
  ["no such kind", [{ cutPoint: "a", head: "deep" }], "the heads at 'a' are narrow, wide, none is deep"],
  [
    "a place twice",
    [{ cutPoint: "a" }, { cutPoint: "a", head: "wide" }],
    "'a' is named twice; a place has one exit",
  ],
])("%s is refused", (_name, wanted, message) => {
  expect(() => chooseExits(without, network(["a"]), undefined, wanted)).toThrow(message);
});

test("a network without heads is refused", () => {
  expect(() => chooseExits(without, network([]), undefined, undefined)).toThrow(
    "net has no exit heads to begin with",
  );
});

test("a plan's exits are those in the network", () => {
  const exits = [exit("b", "wide", "other"), exit("logits", "output", "other"), exit("c", "narrow")];
  expect(exitsOfPlan(exits, undefined, "net")).toEqual([{ cutPoint: "c", head: "narrow" }]);
  expect(exitsOfPlan(exits, "other", "small")).toEqual([{ cutPoint: "b", head: "wide" }]);
  expect(() => exitsOfPlan(exits.slice(1, 2), "other", "small")).toThrow("the plan has no exits in small");
});
