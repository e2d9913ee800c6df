import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** For tests: a folder with the given files, removed after the test. */
export async function temporaryFolder(
  files: Readonly<Record<string, Uint8Array | string>> = {},
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "offramp-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}

/** Everything below a folder with the files' texts. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true }))
    if ((await stat(join(folder, name))).isFile()) texts[name] = await readFile(join(folder, name), "utf8");
  return texts;
}
