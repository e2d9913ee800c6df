import { expect, it } from "vitest";
import { textFault } from "./judge-text.ts";

it.each([
  ["net.onnx: Größe 3×3 — export it again", undefined],
  ["x".repeat(300), undefined],
  ["x".repeat(301), "is 301 characters long"],
  [" ", "is empty"],
  ["a\u001b[31mb", "holds U+001b"],
  ["a\nb", "holds U+000a"],
  ["a\u009bb", "holds U+009b"],
  ["a\u202eb", "holds U+202e"],
  ["a\u2066b", "holds U+2066"],
  ["a\u2028b", "holds U+2028"],
])("judges %j", (text, fault) => {
  expect(textFault(text)).toBe(fault);
});
