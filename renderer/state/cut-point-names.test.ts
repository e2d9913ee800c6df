import { expect, test } from "vitest";
import type { Block } from "../../shared/presentation/blocks.ts";
import { cutPointName } from "./cut-point-names.ts";

const block = (label: string, index: number, tensor: string) =>
  ({ label, cutPoint: { index, tensor } }) as Pick<Block, "label" | "cutPoint">;

test("a cut point goes by its block, numbered where several blocks share a name, else by its tensor", () => {
  const blocks = [block("stem", 0, "/a"), block("Conv ×2", 1, "/b"), block("Conv ×2", 2, "/c")];
  expect(["/a", "/b", "/c", "/d"].map((tensor) => cutPointName(blocks, tensor))).toEqual([
    "stem",
    "Conv ×2 (2)",
    "Conv ×2 (3)",
    "/d",
  ]);
});
