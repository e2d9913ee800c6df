import { execFileSync } from "node:child_process";
import { rm, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openRegularFile, placeWithin, readRegularFile } from "./regular-file.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const refusal = (path: string, what: string) =>
  expect.objectContaining({ code: "file-unreadable", message: `${path}: ${what}` });
const maxBytes = 1000;

describe("readRegularFile", () => {
  it("reads a file whole", async () => {
    const path = join(await temporaryFolder({ "plan.json": "{}" }), "plan.json");
    expect(String(await readRegularFile(path, { maxBytes: 2 }))).toBe("{}");
    const { handle, bytes } = await openRegularFile(path);
    expect(bytes).toBe(2);
    await handle.close();
  });

  it("reads nothing of one that is too large", async () => {
    const path = join(await temporaryFolder({ large: new Uint8Array(2 ** 20 + 1) }), "large");
    await expect(readRegularFile(path, { maxBytes: 2 ** 20 })).rejects.toEqual(
      refusal(path, "takes 2 MiB, expected at most 1 MiB"),
    );
  });

  it("says what isn't there, what is a folder, and what no path can be", async () => {
    const folder = await temporaryFolder();
    const missing = join(folder, "missing");
    await expect(readRegularFile(missing, { maxBytes })).rejects.toMatchObject({
      code: "file-not-found",
      message: `${missing}: no such file or folder`,
    });
    await expect(readRegularFile(folder, { maxBytes })).rejects.toEqual(
      refusal(folder, "is a folder, expected a file"),
    );
    await expect(readRegularFile("a\0b", { maxBytes })).rejects.toEqual(
      refusal("a\u2400b", "no path holds a NUL character"),
    );
    // What the system lists of a name that is no UTF-8.
    const garbled = join(folder, "caf\ufffd.png");
    await expect(readRegularFile(garbled, { maxBytes })).rejects.toThrow(/its name is no UTF-8: rename it$/);
  });

  it.skipIf(process.platform === "win32")("waits for no pipe, socket or device", async () => {
    const folder = await temporaryFolder();
    const [pipe, socket] = [join(folder, "pipe"), join(folder, "socket")];
    execFileSync("mkfifo", [pipe]);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    onTestFinished(() => void server.close());
    for (const path of [pipe, "/dev/zero"])
      await expect(readRegularFile(path, { maxBytes })).rejects.toEqual(
        refusal(path, "is a device or a pipe, expected a file"),
      );
    // The system opens no socket as a file at all.
    await expect(readRegularFile(socket, { maxBytes })).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe.skipIf(process.platform === "win32")("a file within a folder", () => {
  it("may be reached through links that stay there, and through one to the folder", async () => {
    const folder = await temporaryFolder({ "a/file": "text" });
    const link = join(await temporaryFolder(), "link");
    await symlink(folder, link);
    await symlink("a", join(folder, "b"));
    const within = { within: link, maxBytes };
    expect(String(await readRegularFile(join(link, "b", "file"), within))).toBe("text");
    expect(await placeWithin(link, link)).toBe(await placeWithin(folder, folder));
  });

  it.each([
    ["a link", (folder: string) => join(folder, "link")],
    ["a folder's link", (folder: string) => join(folder, "out", "file")],
    ["dots", (folder: string) => `${folder}/../${folder.split("/").at(-1)}-beside/file`],
  ])("must not lead out of it by %s", async (_, pathIn) => {
    const folder = await temporaryFolder({ file: "inside" });
    // A name that starts alike must not count as being inside.
    const beside = `${folder}-beside`;
    onTestFinished(() => rm(beside, { recursive: true, force: true }));
    execFileSync("sh", ["-c", `mkdir "${beside}" && echo outside > "${beside}/file"`]);
    await symlink(join(beside, "file"), join(folder, "link"));
    await symlink(beside, join(folder, "out"));
    const path = pathIn(folder);
    await expect(readRegularFile(path, { within: folder, maxBytes })).rejects.toEqual(
      refusal(
        path,
        `leads out of ${folder}: put the files themselves there, or open the folder that they are in`,
      ),
    );
  });
});
