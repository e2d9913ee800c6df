import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyDesign } from "../../../shared/model/design.ts";
import { JournalFiles } from "../journal/journal-files.ts";
import { maxWindows, nextNumber, numbersOfUnsaved, windowFolder } from "./window-folders.ts";
import { WindowList } from "./window-list.ts";

describe("the list of windows", () => {
  const made = (number: number, ...files: string[]) => ({
    number,
    holds: (path: string) => files.includes(path),
  });

  it("knows which one was used last, also when that one goes", () => {
    const list = new WindowList<ReturnType<typeof made>>();
    expect(list.current).toBeUndefined();
    const [first, second, third] = [made(1), made(2), made(3)];
    for (const window of [first, second, third]) list.use(window);
    expect(list.current).toBe(third);
    list.use(first);
    expect(list.current).toBe(first);
    list.remove(first);
    expect(list.current).toBe(third);
    expect([...list.numbers].sort()).toEqual([2, 3]);
    expect(list.but(third)).toEqual([second]);
  });

  it("finds who has a file, other than who asks", () => {
    const list = new WindowList<ReturnType<typeof made>>();
    const [first, second] = [made(1, "/a"), made(2, "/b")];
    list.use(first);
    list.use(second);
    expect(list.holderOf("/a")).toBe(first);
    expect(list.holderOf("/a", second)).toBe(first);
    expect(list.holderOf("/a", first)).toBeUndefined();
    expect(list.holderOf("/c")).toBeUndefined();
  });
});

describe("what windows keep on disk", () => {
  let userData: string;
  beforeEach(async () => {
    userData = await mkdtemp(join(tmpdir(), "offramp-windows-"));
  });
  afterEach(() => rm(userData, { recursive: true, force: true }));

  /** As a window that was killed leaves it. */
  function leaveWork(number: number, isEdited: boolean): void {
    const files = new JournalFiles(join(windowFolder(userData, number), "journal"));
    const document = {
      id: `of ${number}`,
      name: "net",
      projectPath: null,
      modelPath: "/net.onnx",
      opening: { channel: "model.open", request: { path: "/net.onnx" } },
      state: null,
      isChanged: false,
      savedAt: "2026-01-01T00:00:00.000Z",
    } as const;
    files.writeDocument(document);
    files.writeDesign(document, emptyDesign, isEdited, document.savedAt);
  }

  it("is offered where it is unsaved, and goes where it isn't", async () => {
    expect(numbersOfUnsaved(userData)).toEqual([]);
    leaveWork(1, false);
    leaveWork(3, true);
    leaveWork(2, true);
    leaveWork(4, false);
    await mkdir(join(userData, "windows", "5", "scratch"), { recursive: true });
    await mkdir(join(userData, "windows", "notes"));
    await writeFile(join(userData, "windows", "6"), "a file");
    expect(numbersOfUnsaved(userData)).toEqual([2, 3]);
    const left = ["2", "3", "4", "5", "6", "notes"].filter((name) =>
      existsSync(join(userData, "windows", name)),
    );
    expect(left).toEqual(["2", "3", "notes"]);
    leaveWork(1, true);
    expect(numbersOfUnsaved(userData)).toEqual([1, 2, 3]);
  });

  it("comes to the next new window, unless that is for a file", () => {
    expect(nextNumber(userData, [], false)).toBe(1);
    leaveWork(2, true);
    leaveWork(3, true);
    expect(nextNumber(userData, [2], false)).toBe(3);
    expect(nextNumber(userData, [], false)).toBe(2);
    expect(nextNumber(userData, [1], true)).toBe(4);
    expect(nextNumber(userData, [1, 2, 3], false)).toBe(4);
  });

  it("is of so many windows at most", () => {
    const all = Array.from({ length: maxWindows }, (_, index) => index + 1);
    expect(nextNumber(userData, all, false)).toBeUndefined();
    expect(nextNumber(userData, all.slice(1), true)).toBe(1);
    for (const number of all.slice(0, -1)) leaveWork(number, true);
    expect(nextNumber(userData, all.slice(1), true)).toBe(1);
  });
});
