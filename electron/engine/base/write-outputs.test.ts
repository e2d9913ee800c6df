import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cancelledError } from "../../../shared/base/job.ts";
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
      expect(await readdir(join(root, "a", "b"))).not.toContain("plan.json");
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

  it("don't mind what a killed run left behind", async () => {
    const root = await temporaryFolder({ [`.offramp-draft-${process.pid}/plan.json`]: "half" });
    await writeOutputs(root, (draft) => writeFile(join(draft, "plan.json"), "whole"));
    expect(await readFile(join(root, "plan.json"), "utf8")).toBe("whole");
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
