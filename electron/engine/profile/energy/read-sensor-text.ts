import { openRegularFile } from "../../../disk/regular-file.ts";

const maxBytes = 4096;

/**
 * What a sensor's file says at the moment. Those of the kernel say of themselves that they are as large as a page, however
 * little there is in them.
 * @throws AppError 'file-not-found', 'file-unreadable'
 */
export async function readSensorText(path: string): Promise<string> {
  const { handle } = await openRegularFile(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString("utf8", 0, bytesRead).trim();
  } finally {
    await handle.close();
  }
}

/** Without the files that aren't there. */
export async function readSensorNumber(path: string): Promise<number | undefined> {
  const text = await readSensorText(path).catch(() => undefined);
  const value = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
