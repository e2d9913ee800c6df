// Makes explored.offramp, the project that the app opens as its sample: what the demo finds on this machine with both
// networks, with the data set named by its package instead of this machine's folder. To try it: node explore.mjs OTHER-FILE
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";

const here = import.meta.dirname;
const target = process.argv[2] ?? join(here, "explored.offramp");
const folder = mkdtempSync(join(tmpdir(), "offramp-sample-"));
try {
  const cli = join(here, "..", "..", "..", "dist", "cli", "offramp.js");
  execFileSync(process.execPath, [cli, "demo", "--out", folder, "--profile-seconds", "40"], {
    stdio: "inherit",
  });
  const { "seal.json": _, ...entries } = unzipSync(readFileSync(join(folder, "project.offramp")));
  const project = JSON.parse(strFromU8(entries["project.json"]));
  project.data.path = "fashion-mnist";
  entries["project.json"] = strToU8(JSON.stringify(project));
  const seal = Object.fromEntries(
    Object.entries(entries).map(([name, bytes]) => [name, createHash("sha256").update(bytes).digest("hex")]),
  );
  const archive = zipSync({ ...entries, "seal.json": strToU8(JSON.stringify(seal)) }, { level: 9 });
  writeFileSync(target, archive);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
