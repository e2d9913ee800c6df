import { expect, test } from "vitest";
import { distinctNames, withoutCommonEnds } from "./short-names.ts";

test("operators of a block go by what is behind the modules that they share", () => {
  const names = ["/layer2/layer2.1/conv1/Conv", "/layer2/layer2.1/Relu", "/layer2/layer2.1/Add"];
  expect(withoutCommonEnds(names)).toEqual(["conv1/Conv", "Relu", "Add"]);
  expect(withoutCommonEnds(["/features/features.0/Conv"])).toEqual(["Conv"]);
});

test("names that are numbers, or nothing without what they share, stay whole", () => {
  expect(withoutCommonEnds(["node_12", "node_13"])).toEqual(["node_12", "node_13"]);
  expect(withoutCommonEnds(["net", "net.int8"])).toEqual(["net", "net.int8"]);
});

test("namesakes are numbered from the second one on", () => {
  expect(distinctNames(["Conv", "Relu", "Conv", "Conv"])).toEqual(["Conv", "Relu", "Conv (2)", "Conv (3)"]);
});
