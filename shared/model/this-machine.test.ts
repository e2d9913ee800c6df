import { expect, test } from "vitest";
import { isThisMachine } from "./this-machine.ts";

const machine = {
  device: "AMD EPYC, 2 cores, 24 GiB",
  operatingSystem: "linux 6.1.0 x64",
  runtime: "r 1.30",
};
const here = { ...machine, providers: ["cpu", "webgpu"] };
const target = { ...machine, provider: "cpu", threads: 2 };

test.each([
  ["itself, on any thread count and provider", { provider: "webgpu", threads: 1 }, true],
  ["itself before its system was updated", { operatingSystem: "linux 5.15.0 x64" }, true],
  ["another processor", { device: "a phone" }, false],
  ["the same processor under another system", { operatingSystem: "win32 6.1.0 x64" }, false],
  ["the same system on another architecture", { operatingSystem: "linux 6.1.0 arm64" }, false],
  ["another version of the runtime", { runtime: "r 1.29" }, false],
  ["a provider that it doesn't have", { provider: "cuda" }, false],
])("a target on %s", (_what, change, expected) => {
  expect(isThisMachine({ ...target, ...change }, here)).toBe(expected);
});
