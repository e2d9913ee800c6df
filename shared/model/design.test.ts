import { expect, test } from "vitest";
import { designOfVersionOneSchema, emptyDesign, upgradeDesign } from "./design.ts";

const link = { latencyMs: 5, bandwidthMbps: 100 };
const ids = ["first", "second"];

test("a design of version 1 names the profiles that it counted", () => {
  const { target, ...rest } = emptyDesign;
  const old = designOfVersionOneSchema.parse({ ...rest, target: 1, offload: { server: 0, link, cut: "a" } });
  expect(upgradeDesign(old, ids)).toEqual({
    ...emptyDesign,
    target: "second",
    offload: { server: "first", link, cut: "a" },
  });
  // Before there was a profile it counted to the first one.
  expect(upgradeDesign({ ...old, target: 0, offload: undefined }, [])).toEqual(emptyDesign);
  expect(upgradeDesign(old, ids.slice(0, 1)).target).toBeNull();
});

test("a design of today stays as it is", () => {
  const design = { ...emptyDesign, target: "second", offload: { server: "gone", link } };
  expect(upgradeDesign(design, ids)).toEqual(design);
});
