import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../disk/testing/temporary-folder.ts";
import { encodeNpy } from "../../base/npy.ts";
import { openDataset } from "../open/open-dataset.ts";

/** [n x 784] bytes; row k of them is filled with `first` + k. */
function drawings(n: number, first: number): Uint8Array {
  const data = Uint8Array.from({ length: 784 * n }, (_, at) => first + Math.floor(at / 784));
  return encodeNpy({ shape: [n, 784], data });
}

describe("npy-classes format", () => {
  it("opens Quick, Draw!'s bitmaps, classes by code point", async () => {
    const folder = await temporaryFolder({
      "full_numpy_bitmap_sea turtle.npy": drawings(2, 10),
      "full_numpy_bitmap_The Eiffel Tower.npy": drawings(1, 20),
      "full_numpy_bitmap_bee.npy": drawings(3, 30),
    });
    const source = await openDataset(folder);
    expect(source.classNames).toEqual(["The Eiffel Tower", "bee", "sea turtle"]);
    expect(source.parts.all?.labels).toEqual(Int32Array.of(0, 1, 1, 1, 2, 2));
    expect(await source.read("all", [5, 0, 2])).toEqual(
      [11, 20, 31].map((value) => ({
        width: 28,
        height: 28,
        channels: 1,
        data: new Uint8Array(784).fill(value),
      })),
    );
    expect(source.notes).toEqual(["rows of 784 values are taken as 28x28 grey images"]);
    await source.close();
  });

  it("refuses arrays that differ", async () => {
    const small = encodeNpy({ shape: [2, 8, 8], data: new Uint8Array(128) });
    const folder = await temporaryFolder({ "cat.npy": drawings(1, 1), "dog.npy": small });
    await expect(openDataset(folder)).rejects.toMatchObject({
      code: "data-invalid",
      message: expect.stringMatching(/dog\.npy: holds images of u1 \[8, 8\], but .*cat\.npy of u1 \[784\]/),
    });
  });
});
