import { expect, it } from "vitest";
import { describePython } from "./describe-python.ts";

it("says what a Python has", () => {
  const python = { path: "/usr/bin/python3", python: "3.11.2", torch: "2.3.1", numpy: "1.26.4", gpus: [] };
  expect(describePython(python)).toBe("PyTorch 2.3.1 · NumPy 1.26.4 · Python 3.11.2 · CPU");
  expect(describePython({ ...python, gpus: ["RTX 4090"] })).toMatch(/ · RTX 4090$/);
  expect(describePython({ ...python, gpus: ["H100", "H100"] })).toMatch(/ · 2 x H100$/);
});
