import { describe, expect, it } from "vitest";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { outputHead, type Plan, type PlanExit } from "../../../shared/model/plan.ts";
import { type RoutedNetwork, routePlan } from "./route-plan.ts";

/** A head and the network's own output, five samples. */
function table(
  head: readonly number[],
  own: readonly number[],
  predicted: readonly number[],
): ConfidenceTable {
  const confidence = Float32Array.from([...head, ...own]);
  return {
    exits: 1,
    samples: 5,
    confidence,
    correct: new Uint8Array(10),
    predicted: Int32Array.from(predicted),
  };
}

const heads = [{ cutPoint: "block", kind: "linear" }];
const backbone: RoutedNetwork = {
  sha256: "backbone",
  heads,
  tables: new Map([
    ["top1", table([0.9, 0.2, 0.9, 0.6, 0.5], [1, 1, 1, 1, 1], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])],
  ]),
};
const small: RoutedNetwork = {
  sha256: "small",
  heads,
  tables: new Map([
    ["top1", table([0.7, 0.1, 0.2, 0.3, 0.4], [0, 0, 0, 0, 0], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19])],
    ["margin", table([0, 0, 0, 0, 0], [0.5, 0.8, 0.3, 0.1, 0.2], [10, 11, 12, 13, 14, 15, 16, 17, 18, 19])],
  ]),
};

const early: PlanExit = {
  member: "small",
  cutPoint: "block",
  head: "linear",
  policy: "top1",
  threshold: 0.7,
};
const output: PlanExit = {
  member: "small",
  cutPoint: "scores",
  head: outputHead,
  policy: "margin",
  threshold: 0.3,
};
const late: PlanExit = { cutPoint: "block", head: "linear", policy: "top1", threshold: 0.6 };

function decisions(exits: readonly PlanExit[], chain?: string[]) {
  const plan: Plan = {
    format: "offramp-plan",
    version: 1,
    backboneSha256: "backbone",
    exits: [...exits],
    chain,
  };
  const { exit, predicted } = routePlan(plan, [backbone, small]);
  return { exit: [...exit], predicted: predicted && [...predicted] };
}

describe("a plan's decisions", () => {
  it("follow the exits along the chain, each under its own network's table", () => {
    // 0 leaves at its 0.7, float32 against float32; 1 and 2 by the small one's output; 3 reaches 0.6 in the backbone.
    expect(decisions([early, output, late], ["small", "backbone"])).toEqual({
      exit: [0, 1, 1, 2, 3],
      predicted: [10, 16, 17, 3, 9],
    });
  });

  it("end at the last network of the chain, whichever that is", () => {
    expect(decisions([early], ["small"])).toEqual({ exit: [0, 1, 1, 1, 1], predicted: [10, 16, 17, 18, 19] });
    expect(decisions([late], ["backbone", "small"])).toEqual({
      exit: [0, 1, 0, 0, 1],
      predicted: [0, 16, 2, 3, 19],
    });
    expect(decisions([], undefined)).toEqual({ exit: [0, 0, 0, 0, 0], predicted: [5, 6, 7, 8, 9] });
  });

  it("leave the class open where a table doesn't say it", () => {
    const silent = {
      ...small,
      tables: new Map([["top1", { ...small.tables.get("top1")!, predicted: undefined }]]),
    };
    const plan: Plan = { format: "offramp-plan", version: 1, backboneSha256: "backbone", exits: [early] };
    const { exit, predicted } = routePlan(plan, [backbone, silent]);
    expect([...exit]).toEqual([0, 1, 1, 1, 1]);
    expect(predicted).toBeUndefined();
  });

  it.each([
    [{ ...late, member: "other" }, "network (SHA-256 other…)"],
    [{ ...late, cutPoint: "nowhere" }, "exit at 'nowhere' under policy top1"],
    [{ ...late, policy: "entropy" }, "exit at 'block' under policy entropy"],
  ])("are refused where the project lacks what they need", (exit, what) => {
    expect(() => decisions([exit])).toThrow(
      `the plan's ${what} is not in the project; was it made for another one?`,
    );
  });
});
