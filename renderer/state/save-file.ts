import { call } from "./call.ts";
import { notify } from "./notice-store.ts";

/** Asks for a place, writes there and says so; nothing if the person chooses none. */
export async function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const { path } = await call("file.save", { name, content });
  if (path) notify(`Saved ${path.split(/[\\/]/).at(-1)}`, "good");
}
