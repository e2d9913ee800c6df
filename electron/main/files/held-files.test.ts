import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fileTakenBy, HeldFiles } from "./held-files.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-held-"));
  await writeFile(at("net.offramp"), "");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Two windows that know of each other. */
function makeTwo() {
  const open: (string | null)[] = [null, null];
  const files: HeldFiles[] = [0, 1].map(
    (own) => new HeldFiles({ open: () => open[own], isElsewhere: (path) => files[1 - own].holds(path) }),
  );
  return { open, files };
}

it("a file that is open in one window is neither opened nor saved over in the other, by whatever name", async () => {
  const { open, files } = makeTwo();
  open[0] = at("net.offramp");
  await symlink(at("net.offramp"), at("link.offramp"));
  const work = async () => "done";
  for (const name of ["net.offramp", "link.offramp", "./x/../net.offramp"]) {
    expect(files[0].holds(`${folder}/${name}`), name).toBe(true);
    await expect(files[1].take(`${folder}/${name}`, work), name).rejects.toMatchObject({
      code: "busy",
      message: expect.stringMatching(/is open in another window; close it there, or choose another file$/),
    });
  }
  expect(await files[0].take(at("net.offramp"), work)).toBe("done");
  expect(await files[1].take(at("other.offramp"), work)).toBe("done");
  expect(await files[1].take(null, work)).toBe("done");
});

it("a file is held while it is being opened or saved, and no longer if that fails", async () => {
  const { files } = makeTwo();
  let fail: (error: Error) => void = () => {};
  const opening = files[0].take(at("net.offramp"), () => new Promise((_, reject) => (fail = reject)));
  expect([files[0].isTaking, files[1].isTaking]).toEqual([true, false]);
  await expect(files[1].take(at("net.offramp"), async () => {})).rejects.toMatchObject({ code: "busy" });
  fail(new Error("no project"));
  await expect(opening).rejects.toThrow("no project");
  expect(files[0].isTaking).toBe(false);
  await files[1].take(at("net.offramp"), async () => {});
});

it("knows which requests take a file: not a copy for the journal, nor a model", () => {
  expect(fileTakenBy("project.open", { path: "/p" })).toBe("/p");
  expect(fileTakenBy("project.save", { path: "/p", copy: false })).toBe("/p");
  expect(fileTakenBy("project.save", { path: "/p", copy: true })).toBeUndefined();
  expect(fileTakenBy("model.open", { path: "/m" })).toBeNull();
  expect(fileTakenBy("project.sample", {})).toBeNull();
  expect(fileTakenBy("data.inspect", { path: "/d" })).toBeUndefined();
});
