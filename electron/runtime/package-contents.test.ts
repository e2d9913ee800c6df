import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createPackageWithOptions } from "@electron/asar";
import { afterAll, expect, test } from "vitest";
import { describeContents, packageContents } from "./package-contents.mjs";

const root = mkdtempSync(join(tmpdir(), "offramp-contents-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, bytes: number) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), new Uint8Array(bytes));
}

test("counts every byte once: packed, unpacked, and Electron's own", async () => {
  file("app/dist/engine/engine.cjs", 3_000);
  file("app/dist/engine/child.cjs", 4_000);
  file("app/dist/preload.cjs", 100);
  file("app/node_modules/@scope/codec/lib/codec.js", 2_000);
  file("app/node_modules/@scope/codec/lib/codec.node", 700_000);
  file("app/node_modules/runtime/package.json", 50);
  file("app/package.json", 10);
  file("out/electron", 2_000_000);
  file("out/locales/en-US.pak", 500_000);
  await createPackageWithOptions(join(root, "app"), join(root, "out/resources/app.asar"), {
    unpack: "*.node",
  });
  symlinkSync("electron", join(root, "out/link"));

  const { bytes, electronBytes, parts } = packageContents(join(root, "out"));
  const { "index of the archive": index, ...rest } = Object.fromEntries(
    parts.map((part) => [part.name, part.bytes]),
  );
  expect(rest).toEqual({
    "node_modules/@scope/codec": 702_000,
    "dist/engine": 7_000,
    "dist/preload.cjs": 100,
    "node_modules/runtime": 50,
    "package.json": 10,
  });
  expect(electronBytes).toBe(2_500_000);
  expect(index).toBeGreaterThan(100);
  expect(bytes).toBe(2_500_000 + 709_160 + index);
  expect(parts.map((part) => part.bytes)).toEqual(parts.map((part) => part.bytes).sort((a, b) => b - a));
});

test("lists the largest parts, and the others together", () => {
  const parts = Array.from({ length: 14 }, (_, index) => ({
    name: `part-${index}`,
    bytes: (20 - index) * 1e6,
  }));
  const lines = describeContents({ bytes: 400e6, electronBytes: 211e6, parts }).split("\n");
  expect(lines).toHaveLength(2 + 12 + 1);
  expect(lines.slice(0, 3)).toEqual(["   400.0 MB  in all", "   211.0 MB  Electron", "    20.0 MB  part-0"]);
  expect(lines.at(-1)).toBe("    15.0 MB  2 others");
});
