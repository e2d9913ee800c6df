import { expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";

it.each([
  ["UTF-8", [0x63, 0xc3, 0xa9]],
  ["UTF-8 with its mark", [0xef, 0xbb, 0xbf, 0x63, 0xc3, 0xa9]],
  ["UTF-16, small end first", [0xff, 0xfe, 0x63, 0, 0xe9, 0]],
  ["UTF-16, great end first", [0xfe, 0xff, 0, 0x63, 0, 0xe9]],
  ["Windows-1252", [0x63, 0xe9]],
])("reads %s", (_, bytes) => {
  expect(decodeText(Uint8Array.from(bytes))).toBe("cé");
});

it("reads the start of a file that is cut within a character", () => {
  expect(decodeText(Uint8Array.of(0x63, 0xc3, 0xa9, 0xe2, 0x82), false)).toBe("cé");
});
