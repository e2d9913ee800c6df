import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { silentJob } from "../../../shared/base/job.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { encodeModel } from "../onnx/codec.ts";
import { withOffsets } from "./add-policies.ts";
import { openProject } from "./open-project.ts";
import { type CalibratedModel, newProject, type Project, trainedProject } from "./project.ts";
import { encodeProject, saveProject } from "./project-archive.ts";
import { changedArchive, edited, makeChain, makeProject, table } from "./testing/test-project.ts";
import { isRunEntry } from "./training-runs.ts";

let project: Project;
beforeAll(async () => {
  project = await makeProject();
});

async function reopened(bytes: Uint8Array): Promise<Project> {
  const folder = await temporaryFolder({ "p.offramp": bytes });
  return openProject(join(folder, "p.offramp"), silentJob);
}

/** What is compared: everything, models as their bytes. */
function comparable({ members, ...project }: Project) {
  return { ...comparableModel(project), members: members.map(comparableModel) };
}

function comparableModel<Own extends CalibratedModel>({ backbone, heads, ...rest }: Own) {
  return {
    ...rest,
    summary: backbone.summary,
    proto: Buffer.from(encodeModel(backbone.proto)).toString("base64"),
    heads: heads.map(({ model, ...head }) => ({
      ...head,
      model: Buffer.from(encodeModel(model)).toString("base64"),
    })),
  };
}

describe("a project's file", () => {
  it("brings back everything that was saved", async () => {
    const folder = await temporaryFolder();
    const path = join(folder, "deep", "p.offramp");
    await saveProject(project, path);
    expect(comparable(await openProject(path, silentJob))).toEqual(comparable(project));
  });

  it("brings back thresholds per class without holding their tables", async () => {
    const offsets = [Float32Array.of(0.5, -0.25, 0, 1, -1), Float32Array.of(0, 0, 2, -2, 0)];
    const seen = withOffsets(project, "margin-per-class", "margin", offsets);
    const { "seal.json": _seal, ...entries } = unzipSync(encodeProject(seen));
    expect(
      Object.keys(entries)
        .filter((name) => name.startsWith("tables/"))
        .sort(),
    ).toEqual([
      "tables/calibration-margin.npz",
      "tables/calibration-top1.npz",
      "tables/test-margin.npz",
      "tables/test-top1.npz",
    ]);
    const back = await reopened(encodeProject(seen));
    expect(comparable(back)).toEqual(comparable(seen));
    expect([...back.tables.test.keys()]).toEqual(["top1", "margin", "margin-per-class"]);
  });

  it("brings back its members and the plans that go through them", async () => {
    const chain = await makeChain();
    const perClass = [Float32Array.of(0, 0.5, 0, -0.5, 1)];
    const [member] = chain.members;
    const seen = { ...chain, members: [withOffsets(member, "margin-per-class", "margin", perClass)] };
    const { "seal.json": _seal, ...entries } = unzipSync(encodeProject(seen));
    expect(
      Object.keys(entries)
        .filter((name) => name.startsWith("members/"))
        .sort(),
    ).toEqual([
      "members/0/backbone.onnx",
      "members/0/heads/0.onnx",
      "members/0/tables/calibration-margin.npz",
      "members/0/tables/calibration-top1.npz",
      "members/0/tables/test-margin.npz",
      "members/0/tables/test-top1.npz",
    ]);
    expect(comparable(await reopened(encodeProject(seen)))).toEqual(comparable(seen));
  });

  it("without members says nothing of them, for older Offramps", () => {
    const entries = unzipSync(encodeProject(project));
    expect(JSON.parse(Buffer.from(entries["project.json"]).toString())).not.toHaveProperty("members");
    expect(Object.keys(entries).filter((name) => name.startsWith("members/"))).toEqual([]);
  });

  it("may hold no profile, front or plan", async () => {
    const bare = { ...project, profiles: [], front: undefined, plans: [] };
    expect(comparable(await reopened(encodeProject(bare)))).toEqual(comparable(bare));
  });

  it("may hold nothing but a model", async () => {
    const untrained = newProject(project.backbone);
    expect(comparable(await reopened(encodeProject(untrained)))).toEqual(comparable(untrained));
    expect(() => trainedProject(untrained)).toThrow(
      "holds no exit heads yet; train them on a data set first",
    );
  });

  it("opens as an older version left it: without design, references, offsets, labels and where calibration is from", async () => {
    const bytes = changedArchive(project, (entries) => {
      edited(entries, "project.json", (file) => {
        file.data = { ...(file.data as object), splitOptions: { seed: 3 } };
        delete file.design;
        delete file.references;
        delete file.classOffsets;
      });
      for (const name of Object.keys(entries).filter((entry) => entry.startsWith("tables/"))) {
        const { "labels.npy": _, ...arrays } = unzipSync(entries[name]);
        entries[name] = zipSync(arrays);
      }
    });
    const old = await reopened(bytes);
    expect(old).toMatchObject({ design: null, references: [], plans: project.plans });
    expect(old.data?.splitOptions).toEqual({ seed: 3, calibrationFrom: "train" });
    expect(old.classOffsets.size).toBe(0);
    const found = old.tables.test.get("top1")!;
    expect(found.labels).toBeUndefined();
    expect(found.predicted).toEqual(project.tables.test.get("top1")!.predicted);
  });

  it("is replaced whole or not at all", async () => {
    const folder = await temporaryFolder({ "p.offramp/inside": "a folder in the way" });
    await expect(saveProject(project, join(folder, "p.offramp"))).rejects.toMatchObject({
      code: "output-unwritable",
    });
    expect(await readdir(folder)).toEqual(["p.offramp"]);
    const path = join(folder, "old.offramp");
    await writeFile(path, "old");
    // What can't be encoded must not cost the old file.
    const torn = {
      ...project,
      tables: { ...project.tables, test: new Map([["top1", { ...table(0), exits: 9 }]]) },
    };
    await expect(saveProject(torn, path)).rejects.toMatchObject({ code: "shape-mismatch" });
    expect(await readFile(path, "utf8")).toBe("old");
    await saveProject(project, path);
    expect((await openProject(path, silentJob)).plans).toEqual(project.plans);
    expect((await readdir(folder)).sort()).toEqual(["old.offramp", "p.offramp"]);
  });
});

function withClassOffsets(classOffsets: Record<string, number[][]>): Uint8Array {
  return changedArchive(project, (entries) =>
    edited(entries, "project.json", (file) => Object.assign(file, { classOffsets })),
  );
}

/** Writes a number into every record of the zip directory, 24 bytes in: the size that entries unpack to. */
function withClaimedSize(archive: Uint8Array, size: number): Uint8Array {
  const bytes = archive.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 46 < bytes.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true);
  return bytes;
}

const offsets = /^\S+p\.offramp: the offsets of top1-per-class are not one per head and class \(2 x 5\), /;
const damaged = /^\S+p\.offramp is no Offramp project of version 1 to 2, or is damaged$/;

describe("a file that is no whole project is refused in one line", () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ["text", () => Buffer.from("project"), damaged],
    ["nothing", () => new Uint8Array(), damaged],
    [
      "another zip",
      () => zipSync({ "readme.txt": Buffer.from("hello") }),
      /^\S+p\.offramp: it holds 'readme\.txt', which is no part of a project; open an older copy of the project$/,
    ],
    ["cut in half", () => encodeProject(project).subarray(0, 4000), damaged],
    ["its end cut off", () => encodeProject(project).subarray(0, -10), damaged],
    ["no description", () => changedArchive(project, (entries) => delete entries["project.json"]), damaged],
    [
      "a missing backbone",
      () => changedArchive(project, (entries) => delete entries["backbone.onnx"]),
      /^\S+p\.offramp: backbone\.onnx is missing; /,
    ],
    [
      "a missing head",
      () => changedArchive(project, (entries) => delete entries["heads/1.onnx"]),
      /^\S+p\.offramp: heads\/1\.onnx is missing; /,
    ],
    [
      "a missing table",
      () => changedArchive(project, (entries) => delete entries["tables/test-margin.npz"]),
      /^\S+p\.offramp: tables\/test-margin\.npz is missing; /,
    ],
    [
      "a missing profile",
      () => changedArchive(project, (entries) => delete entries["profiles/1.json"]),
      /^\S+p\.offramp: profiles\/1\.json is missing; /,
    ],
    [
      "version 3",
      () =>
        changedArchive(project, (entries) =>
          edited(entries, "project.json", (file) => Object.assign(file, { version: 3 })),
        ),
      /^\S+p\.offramp is an Offramp project of version 3; this Offramp reads versions up to 2, so get a newer one$/,
    ],
    [
      "a profile of version 3",
      () =>
        changedArchive(project, (entries) =>
          edited(entries, "profiles/0.json", (file) => Object.assign(file, { version: 3 })),
        ),
      /^\S+p\.offramp: profiles\/0\.json, version: Invalid /,
    ],
    [
      "a field that is missing",
      () =>
        changedArchive(project, (entries) =>
          edited(entries, "front.json", (file) => delete file.recommended),
        ),
      /^\S+p\.offramp: front\.json, recommended: Invalid input: /,
    ],
    [
      "a profile of another model",
      () =>
        changedArchive(project, (entries) =>
          edited(entries, "profiles/1.json", (file) => Object.assign(file, { graphSha256: "0".repeat(64) })),
        ),
      /^\S+p\.offramp: profiles\/1\.json was made for another model than backbone\.onnx; open an older copy of the project$/,
    ],
    [
      "a front of another model",
      () =>
        changedArchive(project, (entries) =>
          edited(entries, "front.json", (file) => Object.assign(file, { backboneSha256: "0".repeat(64) })),
        ),
      /^\S+p\.offramp: front\.json was made for another model than backbone\.onnx; open an older copy of the project$/,
    ],
    [
      "a table that is none",
      () =>
        changedArchive(project, (entries) => {
          entries["tables/test-margin.npz"] = Buffer.from("margin");
        }),
      /^\S+p\.offramp: tables\/test-margin\.npz is no \.npz archive; /,
    ],
    ["offsets for too few heads", () => withClassOffsets({ "top1-per-class": [[0, 0, 0, 0, 0]] }), offsets],
    ["offsets for too few classes", () => withClassOffsets({ "top1-per-class": [[0], [0]] }), offsets],
    [
      "offsets of a policy without",
      () => withClassOffsets({ top1: [[], []] }),
      /thresholds per class of 'top1', which has no table/,
    ],
    [
      "offsets of an unknown policy",
      () => withClassOffsets({ luck: [] }),
      /^\S+p\.offramp: project\.json holds thresholds per class of 'luck'/,
    ],
    [
      "packed entries that claim to be far larger than the file",
      () => withClaimedSize(encodeProject(project), 2e8),
      /^\S+p\.offramp: it unpacks to more than 0\.2 GB, so it is no Offramp project$/,
    ],
    [
      "a claim to unpack to 4 GB an entry",
      () => withClaimedSize(encodeProject(project), 0xfffffff0),
      /^\S+p\.offramp: it unpacks to more than 4 GB, so it is no Offramp project$/,
    ],
  ])("%s", async (_name, bytes, message) => {
    await expect(reopened(bytes())).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringMatching(message),
    });
  });

  it("a single bit in any of its entries", async () => {
    const names = Object.keys(unzipSync(encodeProject(project)));
    for (const name of names.filter((entry) => !isRunEntry(entry))) {
      const entries = unzipSync(encodeProject(project));
      entries[name][entries[name].length >> 1] ^= 1;
      await expect(reopened(zipSync(entries)), name).rejects.toMatchObject({
        code: "file-invalid",
        message: expect.stringMatching(damaged),
      });
    }
  });

  it("a model that contradicts itself", async () => {
    const bytes = changedArchive(project, (entries) => {
      entries["heads/0.onnx"] = Buffer.from("no model");
    });
    await expect(reopened(bytes)).rejects.toMatchObject({
      code: "file-invalid",
      message: expect.stringMatching(/^\S+p\.offramp: heads\/0\.onnx is not an ONNX model/),
    });
  });

  it("no file, and a folder", async () => {
    const folder = await temporaryFolder();
    await expect(openProject(join(folder, "none"), silentJob)).rejects.toMatchObject({
      code: "file-not-found",
      message: `${join(folder, "none")}: no such file; give a .offramp project`,
    });
    await expect(openProject(folder, silentJob)).rejects.toMatchObject({
      code: "file-unreadable",
      message: `${folder}: can't be read; give a .offramp project`,
    });
  });
});
