import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { lookForPython } from "./look-for-python.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-python-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A shell script that answers as a Python does. */
async function program(name: string, says: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${says}\n`);
  await chmod(path, 0o755);
  return path;
}

const facts = { python: "3.11.2", torch: "2.3.1", numpy: "1.26.4", gpus: [] };

it.runIf(process.platform !== "win32")("takes the first that can train", async () => {
  const bare = await program("bare", "echo \"ModuleNotFoundError: No module named 'torch'\" >&2; exit 1");
  const old = await program("old", `echo '${JSON.stringify({ ...facts, torch: "1.8.0" })}'`);
  const whole = await program("whole", `echo '${JSON.stringify(facts)}'`);
  expect(await lookForPython([join(folder, "missing"), bare, old, whole])).toEqual({ path: whole, ...facts });
  await expect(lookForPython([bare, old])).rejects.toMatchObject({
    code: "usage",
    message: `${bare} has no PyTorch`,
    details: { missing: "python" },
  });
  await expect(lookForPython([])).rejects.toMatchObject({
    message: /no Python/,
    details: { missing: "python" },
  });
});
