import { expect, test } from "vitest";
import { AppError } from "../base/errors.ts";
import { failure, outcomeSchema, unwrap } from "./outcome.ts";

test("an error crosses a process border with all its details, lists of tensors among them", () => {
  const details = {
    missing: "output",
    inside: true,
    kinds: ["a", "b"],
    nothing: [],
    candidates: [{ name: "logits", type: "float32", shape: [1, 5] }],
  };
  const sent = failure(new AppError("model-unsupported", "which?", details), () => {
    throw new Error("it was expected");
  });
  const received = outcomeSchema.parse(JSON.parse(JSON.stringify(sent)));
  expect(() => unwrap(received)).toThrowError(
    expect.objectContaining({ code: "model-unsupported", message: "which?", details }),
  );
});

test("details cross as far as they are of use", () => {
  const candidates = ["n".repeat(5000), "logits"].map((name) => ({ name, type: "float32", shape: [1] }));
  const details = { path: "p".repeat(100_000), many: new Array(5000).fill("x"), candidates, count: 3 };
  const sent = failure(new AppError("usage", "no", details), () => {});
  expect(sent).toMatchObject({ error: { details: { count: 3, candidates: [candidates[1]] } } });
  expect(JSON.stringify(sent).length).toBeLessThan(10_000);
});

test("a fault of ours is told of, and crosses without its text", () => {
  const seen: unknown[] = [];
  const fault = new Error("secret");
  const sent = failure(fault, (error) => seen.push(error));
  expect(seen).toEqual([fault]);
  expect(() => unwrap(sent)).toThrowError(expect.objectContaining({ code: "internal" }));
  expect(JSON.stringify(sent)).not.toContain("secret");
});
