import { spawnSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

export type TreeEntry =
  | { readonly kind: "file"; readonly bytes: Uint8Array }
  /** Opening it for reading waits for a writer that never comes. */
  | { readonly kind: "fifo" }
  | { readonly kind: "link"; readonly target: string };

/** A folder's content, by path from it with slashes. */
export type Tree = Map<string, TreeEntry>;

export function fileEntry(content: Uint8Array | string): TreeEntry {
  return { kind: "file", bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
}

/** Writes it, but what the file system refuses: a name too long, or a file where a folder is needed. */
export async function writeTree(tree: Tree, folder: string): Promise<void> {
  for (const [name, entry] of tree) {
    const path = join(folder, name);
    if (!path.startsWith(`${folder}/`)) continue;
    try {
      await mkdir(dirname(path), { recursive: true });
      if (entry.kind === "file") await writeFile(path, entry.bytes);
      else if (entry.kind === "link") await symlink(entry.target, path);
      else spawnSync("mkfifo", [path]);
    } catch {
      // Left out: what remains is a case as well.
    }
  }
}
