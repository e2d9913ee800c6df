import { readdirSync, readFileSync } from "node:fs";
import { posix, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL(".", import.meta.url));
const houses = ["assets", "bench", "docs", "e2e", "electron", "renderer", "shared"];
const pages = [
  "README.md",
  ...readdirSync(`${root}docs`).flatMap((name) => (/\.md$/.test(name) ? `docs/${name}` : [])),
];

/** Every file and folder. */
const paths = [
  ...readdirSync(root),
  ...houses.flatMap((house) =>
    readdirSync(root + house, { recursive: true, encoding: "utf8" }).map(
      (name) => `${house}/${name.split(sep).join("/")}`,
    ),
  ),
];

const sourceName = /^[\w@./-]+\.(ts|tsx|mjs|cjs|css|proto)$/;
/** A folder alone may as well be one of the person's own: `train/`. */
const folderName = /^[\w-]+(\/[\w-]+)+\/$/;
/** What `adding.md` has the reader write. */
const example = /(^|\/)my-/;

/** What a page names in backticks, by the end of its path at least, or links to, and isn't there. */
function missing(page: string, text: string): string[] {
  const named = [...text.matchAll(/`([^`\n]+)`/g)]
    .map(([, name]) => name)
    .filter((name) => (sourceName.test(name) || folderName.test(name)) && !example.test(name))
    .filter((name) => !paths.some((path) => `/${path}`.endsWith(`/${name.replace(/\/$/, "")}`)));
  const linked = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)]
    .map(([, target]) => posix.join(posix.dirname(page), target))
    .filter((target) => !paths.includes(target));
  return [...named, ...linked];
}

it.each(pages)("%s names files and folders that there are", (page) => {
  expect(missing(page, readFileSync(root + page, "utf8"))).toEqual([]);
});

it("finds what it is there to find", () => {
  const text =
    "`shared/base/job.ts`, `base/job.ts`, `ase/job.ts`, `shared/attic/`, `train/`, `shared/my-house/` and [a page](attic.md), [one](adding.md)";
  expect(missing("docs/ARCHITECTURE.md", text)).toEqual(["ase/job.ts", "shared/attic/", "docs/attic.md"]);
});
