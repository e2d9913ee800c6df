import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { expect, it, vi } from "vitest";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { type Swap, settleSwap, swapOutputs } from "./output-swap.ts";

/** Stands for a kill: after so many more changes of the disk there are none any more. */
const disk = vi.hoisted(() => ({ changesLeft: Number.POSITIVE_INFINITY, hasLinks: true }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const changing = [
    "copyFileSync",
    "linkSync",
    "mkdirSync",
    "renameSync",
    "rmdirSync",
    "rmSync",
    "symlinkSync",
    "writeFileSync",
  ] as const;
  const counted = Object.fromEntries(
    changing.map((name) => [
      name,
      (...args: unknown[]) => {
        if (disk.changesLeft-- <= 0) throw Object.assign(new Error("killed"), { code: "KILLED" });
        if (name === "symlinkSync" && !disk.hasLinks)
          throw Object.assign(new Error("no links"), { code: "EPERM" });
        return (fs[name] as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  );
  return { ...fs, ...counted, default: { ...fs, ...counted } };
});

const old = {
  "plan.json": "old plan",
  "report.html": "old report",
  "staged/manifest.json": "old manifest",
  "staged/stage-0.onnx": "old stage 0",
  "staged/stage-1.onnx": "old stage 1",
  "staged/deep/note": "old note",
};
const fresh = {
  "plan.json": "new plan",
  "summary.json": "new summary",
  "staged/manifest.json": "new manifest",
  "staged/stage-0.onnx": "new stage 0",
  "staged/runner/run.py": "new runner",
};
const mine = { "notes.txt": "mine", "deep/photo": "mine" };

/** A folder with the old files, and the new ones ready beside it. */
async function begun(olds: Record<string, string>) {
  const prefixed = (files: Record<string, string>, folder: string) =>
    Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]);
  const root = await temporaryFolder(
    Object.fromEntries([
      ...prefixed({ ...olds, ...mine }, "out"),
      ...prefixed(fresh, ".out.offramp-swap/new"),
    ]),
  );
  return { root, swap: { folder: join(root, "out"), workshop: join(root, ".out.offramp-swap") } };
}

/** What a reader finds who follows links; one that leads nowhere is no file. */
async function seen(folder: string): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const name of await readdir(folder, { recursive: true })) {
    const path = join(folder, name);
    if ((await stat(path).catch(() => undefined))?.isFile())
      texts[relative(folder, path)] = await readFile(path, "utf8");
  }
  return texts;
}

/** What the next process does; the draft that a killed removal leaves would be swept, were its maker not this process. */
function startAgain({ workshop }: Swap, folder = dirname(workshop)): void {
  if (existsSync(workshop)) settleSwap({ folder: join(folder, "out"), workshop });
  for (const name of readdirSync(folder))
    if (/^\.out\.offramp-swap\..+\.draft$/.test(name)) rmSync(join(folder, name), { recursive: true });
}

async function expectPlain(root: string): Promise<void> {
  expect(await readdir(root)).toEqual(["out"]);
  for (const name of await readdir(join(root, "out"), { recursive: true }))
    expect((await lstat(join(root, "out", name))).isSymbolicLink(), name).toBe(false);
}

/** Swaps and is killed at a change of the disk. @returns whether it got to its end before */
function swapKilledAt(change: number, swap: Swap): boolean {
  disk.changesLeft = change;
  try {
    swapOutputs(swap, ["report.html", "never-there"]);
    return true;
  } catch (cause) {
    expect((cause as NodeJS.ErrnoException).code).toBe("KILLED");
    return false;
  } finally {
    disk.changesLeft = Number.POSITIVE_INFINITY;
  }
}

it.each([
  ["older results", old],
  ["none of them", {}],
])(
  "a folder with %s holds all old or all new files after a kill at any change, and the next start tidies up",
  async (_, olds) => {
    const ends = { old: 0, new: 0 };
    for (let change = 0, isDone = false; !isDone; change++) {
      const { root, swap } = await begun(olds);
      isDone = swapKilledAt(change, swap);
      const found = await seen(swap.folder);
      const isNew = "summary.json" in found;
      expect(found, `change ${change}`).toEqual({ ...mine, ...(isNew ? fresh : olds) });
      ends[isNew ? "new" : "old"]++;
      if (isDone) expect(isNew).toBe(true);
      else startAgain(swap);
      expect(await seen(swap.folder), `change ${change}, settled`).toEqual({
        ...mine,
        ...(isNew ? fresh : olds),
      });
      await expectPlain(root);
    }
    expect(Math.min(ends.old, ends.new)).toBeGreaterThan(8);
  },
);

it("a settling that is killed in its turn is settled by the next", async () => {
  for (const first of [12, 30])
    for (let second = 0, isDone = false; !isDone; second++) {
      const { root, swap } = await begun(old);
      expect(swapKilledAt(first, swap)).toBe(false);
      const before = await seen(swap.folder);
      disk.changesLeft = second;
      try {
        settleSwap(swap);
        isDone = true;
      } catch {
        disk.changesLeft = Number.POSITIVE_INFINITY;
        expect(await seen(swap.folder)).toEqual(before);
        startAgain(swap);
      }
      disk.changesLeft = Number.POSITIVE_INFINITY;
      expect(await seen(swap.folder)).toEqual(before);
      await expectPlain(root);
    }
});

it("where there are no links, what was begun is finished by the next start", async () => {
  disk.hasLinks = false;
  try {
    for (let change = 0, isDone = false; !isDone; change++) {
      const { root, swap } = await begun(old);
      isDone = swapKilledAt(change, swap);
      if (!isDone) startAgain(swap);
      const found = await seen(swap.folder);
      expect(found).toEqual({ ...mine, ...("summary.json" in found ? fresh : old) });
      await expectPlain(root);
    }
  } finally {
    disk.hasLinks = true;
  }
});

it("what the system refuses leaves the old files as they were", async () => {
  const { root, swap } = await begun(old);
  // A folder where the link to a file would have to take its place.
  mkdirSync(join(swap.folder, "summary.json"));
  writeFileSync(join(swap.folder, "summary.json", "mine"), "mine");
  expect(() => swapOutputs(swap, [])).toThrow(/EISDIR|EEXIST|EPERM/);
  expect(await seen(swap.folder)).toEqual({ ...mine, ...old, "summary.json/mine": "mine" });
  await expectPlain(root);
});

it("a folder that is moved between kill and settling is settled in its new place", async () => {
  const { root, swap } = await begun(old);
  swapKilledAt(14, swap);
  mkdirSync(join(root, "elsewhere"));
  for (const name of ["out", ".out.offramp-swap"])
    renameSync(join(root, name), join(root, "elsewhere", name));
  settleSwap({
    folder: join(root, "elsewhere", "out"),
    workshop: join(root, "elsewhere", ".out.offramp-swap"),
  });
  expect(await seen(join(root, "elsewhere", "out"))).toEqual({ ...mine, ...old });
  cpSync(join(root, "elsewhere", "out"), join(root, "out"), { recursive: true });
  rmSync(join(root, "elsewhere"), { recursive: true });
  await expectPlain(root);
});
