import { expect, it } from "vitest";
import type { WeightView } from "../../../shared/ipc/weights.ts";
import { describeNumbers, valueRows, weightFileName, weightNumber } from "./weight-text.ts";

const weight: WeightView = {
  name: "/stem/w",
  type: "float32",
  shape: [2, 2],
  numbers: {
    counted: 4,
    broken: 1,
    minimum: -0.5,
    maximum: 2,
    mean: 0.75,
    deviation: 1.25,
    histogram: [1, 2],
  },
  values: [-0.5, 0.25, 1.234567, 2],
};

it("writes numbers to four digits, with a minus sign", () => {
  expect([-0.031249, 1.5e-9, 3, 123456].map(weightNumber)).toEqual(["−0.03125", "1.5e−9", "3", "123500"]);
});

it("says range, mean and deviation, and what wasn't looked at", () => {
  expect(describeNumbers(weight)).toBe("−0.5 to 2, mean 0.75, deviation 1.25, 1 infinite or no numbers");
  expect(describeNumbers({ ...weight, shape: [1000, 1000] })).toContain("of the first 4 of 1 000 000");
  expect(describeNumbers({ ...weight, numbers: undefined })).toBe("values of this type aren't shown");
});

it("shows values by rows of the last axis, a scalar as one", () => {
  expect(valueRows(weight)).toEqual(["−0.5, 0.25", "1.235, 2"]);
  expect(valueRows({ ...weight, shape: [], values: [7] })).toEqual(["7"]);
});

it("names files so that they stay in their folder", () => {
  expect(weightFileName("../../etc/passwd")).toBe("etc_passwd.npy");
  expect(weightFileName("onnx::Conv_12")).toBe("onnx_Conv_12.npy");
  expect(weightFileName("///")).toBe("weight.npy");
});
