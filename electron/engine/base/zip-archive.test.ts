import { zipSync } from "fflate";
import { describe, expect, it, test } from "vitest";
import { readZipDirectory, unpackEntry } from "./zip-archive.ts";

const text = (value: string) => new TextEncoder().encode(value);
const archive = zipSync({
  "a.txt": [text("stored as it is"), { level: 0 }],
  "b.txt": [text("packed ".repeat(100)), { level: 9 }],
});

test("reads what a zip archive holds, stored and packed", async () => {
  const entries = readZipDirectory(archive);
  expect(entries.map(({ name, bytes, isPacked }) => [name, bytes, isPacked])).toEqual([
    ["a.txt", 15, false],
    ["b.txt", 700, true],
  ]);
  const unpacked = await Promise.all(entries.map(unpackEntry));
  expect(unpacked.map((bytes) => new TextDecoder().decode(bytes))).toEqual([
    "stored as it is",
    "packed ".repeat(100),
  ]);
});

/** The archive with a number changed in the directory's record of an entry. */
function changed(entry: number, offset: number, size: 2 | 4, value: number): Uint8Array {
  const bytes = archive.slice();
  const view = new DataView(bytes.buffer);
  const records: number[] = [];
  for (let at = 0; at + 46 < bytes.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) records.push(at);
  if (size === 2) view.setUint16(records[entry] + offset, value, true);
  else view.setUint32(records[entry] + offset, value, true);
  return bytes;
}

describe("an archive that lies is refused", () => {
  it.each<[string, Uint8Array, string]>([
    ["none at all", text("no archive, but long enough to be one"), "no zip archive"],
    ["nothing", new Uint8Array(), "no zip archive"],
    ["one whose directory is cut", archive.subarray(20), "damaged"],
    ["an entry that lies in another", changed(1, 42, 4, 0), "zip entries overlap"],
    ["an entry past the end", changed(1, 42, 4, archive.length + 9), "the header of b.txt is damaged"],
    ["an entry longer than the archive", changed(1, 20, 4, 1e9), "b.txt is cut short"],
    ["an encrypted entry", changed(1, 8, 2, 1), "b.txt is encrypted or packed otherwise"],
    [
      "an entry that is packed in another way",
      changed(1, 10, 2, 12),
      "b.txt is encrypted or packed otherwise",
    ],
  ])("%s", (_, bytes, message) => {
    expect(() => readZipDirectory(bytes)).toThrow(message);
  });

  it("an entry that inflates to more than it claims takes no more memory, and to less is damaged", async () => {
    const [, short] = readZipDirectory(changed(1, 24, 4, 100));
    await expect(unpackEntry(short)).rejects.toThrow(/larger than 100 bytes/);
    const [, long] = readZipDirectory(changed(1, 24, 4, 1000));
    await expect(unpackEntry(long)).rejects.toThrow("b.txt inflates to 700 bytes, not 1000");
  });
});
