import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Files as a system's sensors have them, below a folder that stands for its root. */
export function sensorTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "offramp-sensors-"));
  writeSensors(root, files);
  return root;
}

export function writeSensors(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${content}\n`);
  }
}
