import { expect, test } from "vitest";
import { operatorLabel } from "./operator-label.ts";

test("an operator with a kernel says it, and its stride unless that is 1", () => {
  const label = (operator: string, attributes: Readonly<Record<string, string>>) =>
    operatorLabel({ operator, attributes });
  expect(label("Relu", {})).toBe("Relu");
  expect(label("Conv", { kernel_shape: "3, 3", strides: "1, 1" })).toBe("Conv 3×3");
  expect(label("Conv", { kernel_shape: "3, 3", strides: "2, 2" })).toBe("Conv 3×3 /2");
  expect(label("MaxPool", { kernel_shape: "2, 1", strides: "2, 1" })).toBe("MaxPool 2×1 /2×1");
  expect(label("Conv", { kernel_shape: "7" })).toBe("Conv 7");
});
