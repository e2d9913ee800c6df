import { expect, it } from "vitest";
import { arePressed, keyLabel } from "./keys.ts";

const nothingHeld = { ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

it("writes keys as the system does", () => {
  expect([keyLabel("Mod+Shift+S", false), keyLabel("Mod+Shift+S", true)]).toEqual(["Ctrl+Shift+S", "⌘⇧S"]);
  expect([keyLabel("?", false), keyLabel("Alt+ArrowLeft", true)]).toEqual(["?", "⌥ArrowLeft"]);
});

it.each([
  ["Mod+Z", { key: "z", ctrlKey: true }, false, true],
  ["Mod+Z", { key: "z", metaKey: true }, true, true],
  ["Mod+Z", { key: "z", metaKey: true }, false, false],
  ["Mod+Z", { key: "z", ctrlKey: true, metaKey: true }, false, false],
  ["Mod+Z", { key: "Z", ctrlKey: true, shiftKey: true }, false, false],
  ["Mod+Shift+Z", { key: "Z", ctrlKey: true, shiftKey: true }, false, true],
  ["P", { key: "p" }, false, true],
  ["P", { key: "p", altKey: true }, false, false],
  // Some keyboards have these signs behind Shift, others don't.
  ["?", { key: "?", shiftKey: true }, false, true],
  ["Mod+/", { key: "/", ctrlKey: true }, false, true],
  ["Mod+/", { key: "/", ctrlKey: true, shiftKey: true }, false, true],
])("%s by %j, on macOS %s: %s", (keys, event, onMac, expected) => {
  expect(arePressed(keys, { ...nothingHeld, ...event }, onMac)).toBe(expected);
});
