import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { unneededModules } from "./packaged-modules.mjs";

const root = mkdtempSync(join(tmpdir(), "offramp-modules-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(path: string, content: unknown) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), typeof content === "string" ? content : JSON.stringify(content));
}

test("keeps what the built scripts name and what that needs, and drops the rest", () => {
  const names = ["runtime", "samples", "@scope/codec", "window", "shell"];
  file("package.json", { dependencies: Object.fromEntries(names.map((name) => [name, "1"])) });
  file(
    "dist/engine/engine.cjs",
    `const r = require("runtime"); r(require.resolve('samples/data/0.json'), "shell")`,
  );
  file("dist/main/main.cjs", `import("@scope/codec").then(b => b)`);
  file("dist/renderer/window.js", `import "window"`);
  file("dist/chunk-A.js", `import "shell"`);
  file("node_modules/runtime/package.json", {
    dependencies: { shared: "1", unzip: "1" },
    optionalDependencies: { absent: "1" },
  });
  file("node_modules/runtime/node_modules/shared/package.json", { dependencies: { deep: "1" } });
  for (const name of [...names.slice(1), "shared", "deep", "tool", "asked", "unzip"])
    file(`node_modules/${name}/package.json`, {});
  const folders = ["runtime", "runtime/node_modules/shared", "samples", "@scope/codec", "window", "shell"];
  const production = [...folders, "shared", "deep", "absent", "asked", "unzip"];
  file("package-lock.json", {
    packages: {
      "": {},
      ...Object.fromEntries(production.map((name) => [`node_modules/${name}`, {}])),
      "node_modules/tool": { dev: true },
    },
  });
  expect(unneededModules(root, { also: ["asked"], onlyToInstall: ["unzip"] })).toEqual([
    "node_modules/window",
    "node_modules/shell",
    "node_modules/shared",
    "node_modules/unzip",
  ]);
});
