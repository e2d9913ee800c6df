import type { FileHandle } from "node:fs/promises";
import { openRegularFile } from "../../disk/regular-file.ts";
import { projectFileName } from "./project.ts";

/** Whether a file is a project by its name or by how it starts; whatever can't be read at all is reported by who reads it. */
export async function isProjectFile(path: string): Promise<boolean> {
  if (path.endsWith(".offramp")) return true;
  let file: FileHandle | undefined;
  try {
    ({ handle: file } = await openRegularFile(path));
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64) });
    const start = buffer.subarray(0, bytesRead).toString("latin1");
    // Our archives start with their description.
    return start.startsWith("PK") && start.includes(projectFileName);
  } catch {
    return false;
  } finally {
    await file?.close();
  }
}
