import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/** For each test of a group a folder of its own, first on the path, with programs that stand in for the system's. */
export function programsOnPath() {
  let folder = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "offramp-tools-"));
    vi.stubEnv("PATH", `${folder}${delimiter}${process.env.PATH}`);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    folder: () => folder,
    path: (name: string) => join(folder, name),
    /** @returns its path */
    program: (name: string, script: string) => {
      const path = join(folder, name);
      writeFileSync(path, `#!/bin/sh\n${script}\n`);
      chmodSync(path, 0o755);
      return path;
    },
  };
}
