import { expect, test } from "vitest";
import { boundMessage, oneLine, plainJson, plainText, shortenMiddle } from "./plain-text.ts";

test("what can't be seen or turns its neighbours is made visible, letters of all scripts stay", () => {
  expect(plainText("\u001b[2J\u0007a\u007f\u009bb")).toBe("␛[2J␇a␡\\u009bb");
  expect(plainText("a\u202eb\u2066c\u061cd\u200be\u2028f\ufeff")).toBe(
    "a\\u202eb\\u2066c\\u061cd\\u200be\\u2028f\\ufeff",
  );
  expect(plainText("\ud800x\u{e0041}")).toBe("\\ud800x\\udb40\\udc41");
  const fine = "Ä日本語 می‌خواهم 👩‍🔬 a b";
  expect(plainText(fine)).toBe(fine);
  expect(plainText(plainText("\u001b\u202e"))).toBe(plainText("\u001b\u202e"));
});

test("several lines become one; a line break within is no new line", () => {
  expect(oneLine("  first\n\n   second  \nthird")).toBe("first second third");
  expect(oneLine("a\rb\tc")).toBe("a␍b␉c");
});

test("JSON says the same without a character that acts", () => {
  const value = { "\u202ekey": "\u001b[31m\u009b\u2028\ud800\u{e0041}ä" };
  const text = plainJson(value);
  expect(text).toBe('{"\\u202ekey":"\\u001b[31m\\u009b\\u2028\\ud800\\udb40\\udc41ä"}');
  expect(JSON.parse(text)).toEqual(value);
});

test("a long text loses its middle, never half a character", () => {
  expect(shortenMiddle("abcdefgh", 8)).toBe("abcdefgh");
  expect(shortenMiddle("abcdefghi", 8)).toBe("abcd…ghi");
  expect(shortenMiddle("abc", 1)).toBe("…");
  expect(shortenMiddle("ab😀cdefg😀yz", 8)).toBe("ab😀…yz");
});

test("a message that fits stays, of one that doesn't the names are shortened and not the advice", () => {
  const short = `${"p".repeat(200)}: can't be read`;
  expect(boundMessage(short)).toBe(short);
  const path = `/data/${"deep/".repeat(800)}model.onnx`;
  // The colon belongs to the word.
  expect(boundMessage(`${path}: is no ONNX model; export it again`)).toBe(
    `${path.slice(0, 40)}…${path.slice(-38)}: is no ONNX model; export it again`,
  );
});

test("a name with spaces is shortened where it is told of, whatever it holds", () => {
  const name = `my ${"very ".repeat(100)}\u202elong $& name.onnx`;
  const message = boundMessage(`${name}: is no ONNX model; export ${name} again`, [name]);
  expect(message).toMatch(
    /^my (very ){7}ve…[a-z ]+\\u202elong \$& name\.onnx: is no ONNX model; export my [a-z …]+/,
  );
  expect(message.endsWith("long $& name.onnx again")).toBe(true);
  expect(message.length).toBeLessThanOrEqual(290);
});

test("a message of long sentences keeps its start and its end", () => {
  const message = boundMessage(`wrong: ${"so many words ".repeat(100_000)}; do this`);
  expect(message).toHaveLength(290);
  expect(message.startsWith("wrong: so many")).toBe(true);
  expect(message.endsWith("; do this")).toBe(true);
});
