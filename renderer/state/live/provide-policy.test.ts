import { expect, test } from "vitest";
import { offeredPolicies } from "./provide-policy.ts";

const offers = {
  policies: [
    { id: "top1", title: "" },
    { id: "margin", title: "" },
    { id: "top1-per-class", title: "", base: "top1" },
    { id: "margin-per-class", title: "", base: "margin" },
  ],
};

test("what follows from the project's own tables is offered, each policy once", () => {
  expect(offeredPolicies({ policies: ["top1"] }, offers)).toEqual(["top1", "top1-per-class"]);
  expect(offeredPolicies({ policies: ["own", "top1-per-class", "top1"] }, offers)).toEqual([
    "top1",
    "top1-per-class",
    "own",
  ]);
});

test("before the engine has said what it offers, there is what the project has", () => {
  expect(offeredPolicies({ policies: ["top1", "margin"] }, null)).toEqual(["top1", "margin"]);
});
