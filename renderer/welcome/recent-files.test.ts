import { expect, test } from "vitest";
import { nameAndFolder, whenInWords } from "./recent-files.ts";

test("a path's name and folder, on any system", () => {
  expect(nameAndFolder("/home/a/net.onnx")).toEqual({ name: "net.onnx", folder: "/home/a" });
  expect(nameAndFolder("C:\\nets\\net.onnx")).toEqual({ name: "net.onnx", folder: "C:\\nets" });
  expect(nameAndFolder("net.onnx")).toEqual({ name: "net.onnx", folder: "" });
});

test("a time of today is told without its date", () => {
  const now = new Date(2026, 4, 3, 18, 0);
  expect(whenInWords(new Date(2026, 4, 3, 14, 5).toISOString(), now)).toMatch(/^today, /);
  expect(whenInWords(new Date(2026, 4, 2, 14, 5).toISOString(), now)).toMatch(/2026/);
  expect(whenInWords("nonsense", now)).toBe("an unknown time");
});
