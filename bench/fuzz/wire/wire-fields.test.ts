import { expect, it } from "vitest";
import { joinBytes, splitFields, varint, wireKey, wireMessage } from "./wire-fields.ts";

it("writes varints and keys as the wire format has them", () => {
  expect([...varint(0)]).toEqual([0]);
  expect([...varint(300)]).toEqual([0xac, 0x02]);
  expect([...wireKey(2, 2)]).toEqual([0x12]);
  expect([...wireMessage(16, Uint8Array.of(7))]).toEqual([0x82, 0x01, 1, 7]);
});

it("splits fields of every wire type where they end", () => {
  const parts = [
    [0x08, 0x96, 0x01],
    [0x12, 0x02, 0x68, 0x69],
    [0x1d, 1, 2, 3, 4],
    [0x21, 1, 2, 3, 4, 5, 6, 7, 8],
  ].map((bytes) => Uint8Array.from(bytes));
  const fields = splitFields(joinBytes(parts))!;
  expect(fields.map(({ number, type, valueStart }) => [number, type, valueStart])).toEqual([
    [1, 0, 1],
    [2, 2, 2],
    [3, 5, 1],
    [4, 1, 1],
  ]);
  expect(fields.map(({ bytes }) => [...bytes])).toEqual(parts.map((bytes) => [...bytes]));
});

it.each([
  ["a length beyond the end", [0x12, 0x05, 0x68]],
  ["a varint that doesn't end", [0x08, 0x80]],
  ["an end of a group", [0x0c]],
  ["field number 0", [0x00, 0x01]],
])("takes %s for no message", (_, bytes) => {
  expect(splitFields(Uint8Array.from(bytes))).toBeUndefined();
});
