import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { openDataset } from "../open/open-dataset.ts";
import { imageCells } from "./parquet.ts";
import { type ImageCell, imageParquet } from "./testing/image-parquet.ts";

/** Images of one grey pixel each, in PGM. */
const cells = (...levels: number[]): ImageCell[] =>
  levels.map((level) => ({ bytes: new TextEncoder().encode(`P2 1 1 255 ${level}`), path: `${level}.pgm` }));

const pixel = (level: number) => ({ width: 1, height: 1, channels: 1, data: Uint8Array.of(level) });

async function open(files: Record<string, Uint8Array | string>, path = "") {
  return openDataset(`${await temporaryFolder(files)}/${path}`);
}

/** Zstandard's frame of one stored block (RFC 8878). */
function storedZstd(bytes: Uint8Array): Uint8Array {
  const header = (bytes.length << 3) | 1;
  const size = [0, 8, 16, 24].map((shift) => (bytes.length >> shift) & 255);
  const start = [0x28, 0xb5, 0x2f, 0xfd, 0xa0, ...size, header & 255, (header >> 8) & 255, header >> 16];
  return Uint8Array.from([...start, ...bytes]);
}

describe("parquet format", () => {
  it("opens a data set as Hugging Face has it: splits over files, names in the footer", async () => {
    const names = ["dog", "cat", "ox"];
    const source = await open({
      "README.md": "---\nlicense: mit\n---\n",
      "data/train-00000-of-00002.parquet": imageParquet(cells(10, 11, 12), [2, 0, 1], names, {
        rowGroupSize: 2,
      }),
      "data/train-00001-of-00002.parquet": imageParquet(cells(13, 14), [1, 2], names),
      "data/validation-00000-of-00001.parquet": imageParquet(cells(20), [0], names),
      "data/test-00000-of-00001.parquet": imageParquet(cells(30, 31), [-1, -1], names),
    });
    expect(source.format).toBe("parquet");
    expect(source.classNames).toEqual(names);
    expect(Object.keys(source.parts).sort()).toEqual(["train", "val"]);
    expect(source.parts.train?.labels).toEqual(Int32Array.of(2, 0, 1, 1, 2));
    expect(await source.read("train", [4, 0, 2, 3, 1, 4])).toEqual([14, 10, 12, 13, 11, 14].map(pixel));
    expect(await source.read("val", [0])).toEqual([pixel(20)]);
    expect(source.locate("train", 3)).toBe("data/train-00001-of-00002.parquet[0]");
    expect(source.notes).toEqual(["left out: the test images, which have no labels"]);
    await source.close();
  });

  it("opens one file, labels that are text, and images that are plain bytes", async () => {
    const named = await open(
      { "pets.parquet": imageParquet(cells(1, 2, 3), ["ox", "cat", "ox"]) },
      "pets.parquet",
    );
    expect(named.classNames).toEqual(["cat", "ox"]);
    expect(named.parts.all?.labels).toEqual(Int32Array.of(1, 0, 1));
    await named.close();
    const columnData = [
      { name: "jpg", data: [0, 1], type: "INT32" as const },
      { name: "image", data: cells(7, 8).map(({ bytes }) => bytes!), type: "BYTE_ARRAY" as const },
      { name: "label", data: [1, 0], type: "INT32" as const },
    ];
    const plain = await open({ "train.parquet": new Uint8Array(parquetWriteBuffer({ columnData })) });
    expect(plain.parts.train?.labels).toEqual(Int32Array.of(1, 0));
    expect(await plain.read("train", [1, 0])).toEqual([pixel(8), pixel(7)]);
    await plain.close();
  });

  it.each([
    ["UNCOMPRESSED", {}],
    ["SNAPPY", {}],
    ["GZIP", { GZIP: (bytes: Uint8Array) => new Uint8Array(gzipSync(bytes)) }],
    ["ZSTD", { ZSTD: storedZstd }],
  ] as const)("unpacks %s", async (codec, compressors) => {
    const file = imageParquet(cells(1, 2, 3), [0, 1, 0], undefined, { codec, compressors });
    const source = await open({ "train/0000.parquet": file });
    expect(await source.read("train", [2, 1])).toEqual([pixel(3), pixel(2)]);
    await source.close();
  });

  it("moves labels that count from 1 to 0 where the classes are named", async () => {
    const source = await open({ "a.parquet": imageParquet(cells(1, 2), [2, 1], ["cat", "dog"]) });
    expect(source.parts.all?.labels).toEqual(Int32Array.of(1, 0));
    expect(source.notes).toEqual(["labels run from 1 to 2 and none is 0: they are taken as classes 0 to 1"]);
    await source.close();
  });

  it("says what isn't there: files of a split, images within a file", async () => {
    const without: ImageCell[] = [{ bytes: null, path: "far/1.jpg" }, ...cells(2)];
    const source = await open({ "train-00001-of-00003.parquet": imageParquet(without, [0, 1]) });
    expect(source.notes).toEqual(["train: 1 of its 3 files are there"]);
    expect(await source.read("train", [0, 1])).toEqual([
      {
        path: "train-00001-of-00003.parquet[0]",
        reason: "only names the image (far/1.jpg): publish the images within the file",
      },
      pixel(2),
    ]);
    await source.close();
  });

  const file = imageParquet(cells(1, 2), [0, 1]);
  const changed = (at: number, value: number) => {
    const copy = file.slice();
    copy[at < 0 ? file.length + at : at] = value;
    return copy;
  };
  const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
  const tabular = parquetWriteBuffer({ columnData: [{ name: "price", data: [1, 2], type: "INT32" }] });
  it.each([
    ["a file cut short", file.subarray(0, -1), /is no Parquet file, or is cut short/],
    ["an empty file", new Uint8Array(), /is no Parquet file, or is cut short/],
    ["a footer beyond all bounds", changed(-5, 0x7f), /claims a footer of \d{10} bytes in a file of/],
    ["a footer of nothing", changed(-8, 1), /a\.parquet: (is damaged|can't be read)/],
    [
      "a table of something else",
      new Uint8Array(tabular),
      /has the columns price, expected images \(image\)/,
    ],
    ["a pointer of Git LFS", pointer, /a\.parquet: is a Git LFS pointer/],
    [
      "a label beyond the names",
      imageParquet(cells(1, 2), [0, 3], ["cat"]),
      /\[1\]: label is 3, but there are 1/,
    ],
  ])("refuses %s", async (_, bytes, message) => {
    await expect(open({ "a.parquet": bytes })).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(message),
    });
  });
});

it.each([
  ["in memory", 2 ** 20],
  ["in a temporary file", 1],
])(
  "unpacks each row group once, in whichever order images are asked for, and keeps it %s",
  async (_, max) => {
    const groups = [0, 2, 4].map((firstRow, number) => ({ number, firstRow, rows: 2, bytes: 10 }));
    const unpacked: number[] = [];
    const read = async (column: string, { firstRow }: { firstRow: number }) => {
      expect(column).toBe("image");
      unpacked.push(firstRow);
      return [
        { bytes: Uint8Array.of(firstRow), path: "a" },
        firstRow === 2 ? { path: "b" } : Uint8Array.of(firstRow, 1),
      ];
    };
    const table = { name: "train.parquet", file: { groups, read }, imageColumn: "image" };
    const images = imageCells([table], max);
    const cells = async (...rows: number[]) => {
      const found = await images.read(rows.map((row) => ({ table, row })));
      return Promise.all(found.map((cell) => cell()));
    };
    const bytes = (value: unknown) => [...((value as { bytes?: Uint8Array }).bytes ?? (value as Uint8Array))];
    const [fifth, second, sixth] = await cells(5, 1, 4);
    expect([fifth, second, sixth].map(bytes)).toEqual([[4, 1], [0, 1], [4]]);
    expect(await cells(3)).toEqual([{ path: "b" }]);
    expect((await cells(0, 5)).map(bytes)).toEqual([[0], [4, 1]]);
    expect(unpacked).toEqual([4, 0, 2]);
    await images.close();
  },
);
