import { expect, test } from "vitest";
import { nameAndFolder } from "./recent-files.ts";

test("a path's name and folder, on any system", () => {
  expect(nameAndFolder("/home/a/net.onnx")).toEqual({ name: "net.onnx", folder: "/home/a" });
  expect(nameAndFolder("C:\\nets\\net.onnx")).toEqual({ name: "net.onnx", folder: "C:\\nets" });
  expect(nameAndFolder("net.onnx")).toEqual({ name: "net.onnx", folder: "" });
});
