import { existsSync } from "node:fs";
import { lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { cancelledError } from "../../../shared/base/job.ts";
import { makerName } from "../../disk/maker.ts";
import { deadMaker } from "../../disk/testing/dead-maker.ts";
import { contents, temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { checkWritable, isSameFile, writableFile, writeJson, writeOutputs } from "./write-outputs.ts";

const refusal = (message: string) => expect.objectContaining({ code: "output-unwritable", message });

describe("outputs", () => {
  it("land in a folder that didn't exist, and the writer's result comes back", async () => {
    const root = await temporaryFolder();
    const result = await writeOutputs(join(root, "a", "b"), async (draft) => {
      await writeJson(draft, "plan.json", { exits: [1] });
      await mkdir(join(draft, "staged"));
      await writeFile(join(draft, "staged", "stage-0.onnx"), "model");
      expect(existsSync(join(root, "a", "b"))).toBe(false);
      return 42;
    });
    expect(result).toBe(42);
    expect(await contents(root)).toEqual({
      "a/b/plan.json": '{\n  "exits": [\n    1\n  ]\n}\n',
      "a/b/staged/stage-0.onnx": "model",
    });
    expect(await readdir(join(root, "a", "b"))).toEqual(["plan.json", "staged"]);
  });

  it("replace files and whole folders of the same name, and leave others alone", async () => {
    const root = await temporaryFolder({
      "plan.json": "old",
      "staged/stage-9.onnx": "old",
      "mine.txt": "mine",
    });
    await writeOutputs(root, async (draft) => {
      await writeFile(join(draft, "plan.json"), "new");
      await mkdir(join(draft, "staged"));
      await writeFile(join(draft, "staged", "stage-0.onnx"), "new");
    });
    expect(await contents(root)).toEqual({
      "plan.json": "new",
      "staged/stage-0.onnx": "new",
      "mine.txt": "mine",
    });
  });

  it("leave nothing behind when the writer fails: old files stay whole, made folders go", async () => {
    const root = await temporaryFolder({ "old/plan.json": "old" });
    const fail = async (draft: string) => {
      await writeFile(join(draft, "plan.json"), "half");
      throw cancelledError();
    };
    await expect(writeOutputs(join(root, "old"), fail)).rejects.toMatchObject({ code: "cancelled" });
    await expect(writeOutputs(join(root, "new", "deep"), fail)).rejects.toMatchObject({ code: "cancelled" });
    expect(await readdir(root)).toEqual(["old"]);
    expect(await readdir(join(root, "old"))).toEqual(["plan.json"]);
    expect(await contents(root)).toEqual({ "old/plan.json": "old" });
  });

  it("of killed runs that weren't finished are swept, those of a run that goes on stay", async () => {
    const [dead, alive] = [deadMaker(), makerName()];
    const drafts = [
      `.out.${dead}.00000000.draft`,
      `.out.${alive}.00000000.draft`,
      `.other.${dead}.00000000.draft`,
    ];
    const inside = `out/.offramp.${dead}.00000000.draft`;
    const root = await temporaryFolder(
      Object.fromEntries([...drafts, inside].map((name) => [`${name}/new/plan.json`, "half"])),
    );
    await writeOutputs(join(root, "out"), (draft) => writeFile(join(draft, "plan.json"), "whole"));
    expect(await contents(join(root, "out"))).toEqual({ "plan.json": "whole" });
    expect((await readdir(root)).sort()).toEqual([drafts[2], drafts[1], "out"]);
    await rm(join(root, "out"), { recursive: true });
    await mkdir(join(root, `.out.${dead}.00000001.draft`));
    await checkWritable(join(root, "out"));
    expect((await readdir(root)).sort()).toEqual([drafts[2], drafts[1]]);
  });

  it("that a killed run was putting in place are put there, or go with a folder that was removed", async () => {
    const swap = (name: string) => `.${name}.offramp-swap`;
    const root = await temporaryFolder({
      "out/plan.json": "old",
      ...Object.fromEntries(["out", "gone"].map((name) => [`${swap(name)}/new/plan.json`, "new"])),
      ...Object.fromEntries(["out", "gone"].map((name) => [`${swap(name)}/maker`, deadMaker()])),
      ...Object.fromEntries(["out", "gone"].map((name) => [`${swap(name)}/old/plan.json`, "old"])),
    });
    await rm(join(root, "out", "plan.json"));
    await symlink(join("..", swap("out"), "current", "plan.json"), join(root, "out", "plan.json"));
    for (const name of ["out", "gone"]) await symlink("new", join(root, swap(name), "current"));
    expect(await contents(join(root, "out"))).toEqual({ "plan.json": "new" });
    await checkWritable(join(root, "out"));
    await checkWritable(join(root, "gone"));
    expect(await readdir(root)).toEqual(["out"]);
    expect((await lstat(join(root, "out", "plan.json"))).isFile()).toBe(true);
  });

  it("wait for another process that is putting its own in place", async () => {
    const root = await temporaryFolder({ "out/plan.json": "old", ".out.offramp-swap/maker": makerName() });
    const other = delay(100).then(() => rename(join(root, ".out.offramp-swap"), join(root, "done")));
    await writeOutputs(join(root, "out"), (draft) => writeFile(join(draft, "plan.json"), "new"));
    await other;
    expect(await contents(root)).toEqual({ "done/maker": makerName(), "out/plan.json": "new" });
  });

  it("take with them what they name of the old ones", async () => {
    const root = await temporaryFolder({ "out/report.html": "old", "out/notes.txt": "mine" });
    await writeOutputs(join(root, "out"), async (draft, removeOld) => {
      await writeFile(join(draft, "plan.json"), "new");
      removeOld("report.html");
      removeOld("never-there.html");
    });
    expect(await contents(root)).toEqual({ "out/notes.txt": "mine", "out/plan.json": "new" });
  });

  it("go into the folder that a link leads to, and refuse what no file can replace", async () => {
    const root = await temporaryFolder({ "real/plan.json": "old", "real/summary.json/mine": "mine" });
    await symlink(join(root, "real"), join(root, "out"));
    await writeOutputs(join(root, "out"), (draft) => writeFile(join(draft, "plan.json"), "new"));
    const taken = writeOutputs(join(root, "out"), async (draft) => {
      await writeFile(join(draft, "plan.json"), "newer");
      await writeFile(join(draft, "summary.json"), "newer");
    });
    await expect(taken).rejects.toEqual(
      refusal(
        `${join(root, "real", "summary.json")} is in the way, a folder where a file is written; move it away or choose another output folder`,
      ),
    );
    expect(await contents(root)).toMatchObject({ "real/plan.json": "new", "real/summary.json/mine": "mine" });
    expect((await readdir(root)).sort()).toEqual(["out", "real"]);
  });

  it("say so if their folder is removed meanwhile", async () => {
    const root = await temporaryFolder();
    const folder = join(root, "a", "out");
    const removed = writeOutputs(folder, async (draft) => {
      await rm(join(root, "a"), { recursive: true });
      await writeFile(join(draft, "plan.json"), "new");
    });
    await expect(removed).rejects.toEqual(
      refusal(`${folder} was removed or replaced while results were written to it; run again`),
    );
  });

  it("say so if a file of theirs is missed while the rest of the folder is still being removed", async () => {
    const root = await temporaryFolder();
    const folder = join(root, "out");
    const removed = writeOutputs(folder, async (draft) => {
      await readFile(join(draft, "model.onnx"));
    });
    await expect(removed).rejects.toEqual(
      refusal(`${folder} was removed or replaced while results were written to it; run again`),
    );
  });

  it("leave what others miss elsewhere as it is", async () => {
    const root = await temporaryFolder();
    const elsewhere = join(root, "nowhere");
    await expect(writeOutputs(join(root, "out"), () => readFile(elsewhere))).rejects.toMatchObject({
      code: "ENOENT",
      path: elsewhere,
    });
  });

  it("are refused where a file stands, without the writer being asked", async () => {
    const root = await temporaryFolder({ file: "text" });
    const never = () => Promise.reject(new Error("asked"));
    const path = join(root, "file");
    await expect(writeOutputs(path, never)).rejects.toEqual(
      refusal(`${path} is a file; give a folder for the results`),
    );
    const below = join(path, "results");
    await expect(writeOutputs(below, never)).rejects.toEqual(
      refusal(`${below} can't be written (a file is in its way); choose another place`),
    );
    expect(await contents(root)).toEqual({ file: "text" });
  });

  it.runIf(existsSync("/dev/full"))("say that the disk is full", async () => {
    const root = await temporaryFolder();
    const folder = join(root, "results");
    await expect(writeOutputs(folder, () => writeFile("/dev/full", "text"))).rejects.toEqual(
      refusal(`the disk that holds ${folder} is full; free some space or choose another place`),
    );
    expect(await readdir(root)).toEqual([]);
  });
});

describe("a place for outputs", () => {
  it("is found out about without a trace", async () => {
    const root = await temporaryFolder({ file: "text" });
    await checkWritable(root);
    await checkWritable(join(root, "a", "b"));
    await expect(checkWritable(join(root, "file"))).rejects.toMatchObject({ code: "output-unwritable" });
    expect(await readdir(root)).toEqual(["file"]);
  });

  it("of a file is neither a folder nor what is read", async () => {
    const root = await temporaryFolder({ "in.onnx": "model" });
    const [source, link, fresh] = ["in.onnx", "link.onnx", "new/out.onnx"].map((name) => join(root, name));
    await symlink(source, link);
    expect(await writableFile(fresh, source)).toBe(fresh);
    expect(await writableFile(source)).toBe(source);
    await expect(writableFile(root)).rejects.toEqual(
      refusal(`${root} is a folder; give the name of a file to write`),
    );
    await expect(writableFile(link, source)).rejects.toMatchObject({
      code: "usage",
      message: `${link} is what is read; give another name for the file to write`,
    });
    expect([await isSameFile(source, fresh), await isSameFile(fresh, fresh)]).toEqual([false, false]);
    expect((await readdir(root)).sort()).toEqual(["in.onnx", "link.onnx"]);
  });
});
