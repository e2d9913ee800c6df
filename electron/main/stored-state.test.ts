import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { settingsSchema } from "../../shared/ipc/settings.ts";
import { ChosenPrograms } from "./files/chosen-programs.ts";
import { RecentFiles } from "./files/recent-files.ts";
import { RotatingLog } from "./rotating-log.ts";
import { SettingsStore } from "./settings-store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-stored-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("settings", () => {
  it("come back in the next run", () => {
    const path = join(folder, "settings.json");
    const settings = {
      theme: "dark",
      hiddenPanes: ["plans"],
      views: { chart: { zoom: 2 } },
      hasSeenTour: true,
      fleet: { server: "nats://lab:4222", token: "t", creds: null },
    } as const;
    new SettingsStore(path).set({ ...settings, hiddenPanes: [...settings.hiddenPanes] });
    expect(new SettingsStore(path).value).toEqual(settings);
  });

  it("change one at a time, as windows that don't know of each other's changes do", () => {
    const settings = new SettingsStore(join(folder, "settings.json"));
    settings.set({ theme: "dark" });
    settings.set({ hiddenPanes: ["plans"] });
    settings.set({ theme: undefined, views: { chart: 1 } });
    expect(settings.value).toMatchObject({ theme: "system", hiddenPanes: ["plans"], views: { chart: 1 } });
  });

  it.each(["", "{", '{"theme":"pink"}', "[]"])("are the defaults if the file holds %j", async (text) => {
    const path = join(folder, "settings.json");
    await writeFile(path, text);
    expect(new SettingsStore(path).value).toEqual({
      theme: "system",
      hiddenPanes: [],
      views: {},
      hasSeenTour: false,
      fleet: { server: null, token: null, creds: null },
    });
  });
});

it("programs that were chosen come back, the newest first, and no more than ten", () => {
  const path = join(folder, "programs.json");
  expect(new ChosenPrograms(path).list()).toEqual([]);
  const programs = new ChosenPrograms(path);
  for (let number = 1; number <= 12; number++) programs.add(`/python-${number}`);
  programs.add("/python-5");
  const kept = new ChosenPrograms(path).list();
  expect(kept).toHaveLength(10);
  expect(kept.slice(0, 3)).toEqual(["/python-5", "/python-12", "/python-11"]);
  expect(kept).not.toContain("/python-2");
});

describe("what lies in the place of a small file", () => {
  it.each([
    ["a sparse file of a gigabyte", (path: string) => truncateSync(path, 2 ** 30)],
    [
      "JSON of more than a megabyte",
      (path: string) => writeFileSync(path, JSON.stringify({ views: { big: "x".repeat(2 ** 20) } })),
    ],
  ])("is left alone: %s", async (_, make) => {
    const path = join(folder, "settings.json");
    await writeFile(path, "{}");
    make(path);
    expect(new SettingsStore(path).value).toEqual(settingsSchema.parse({}));
    new SettingsStore(path).set(settingsSchema.parse({ theme: "dark" }));
    expect(new SettingsStore(path).value.theme).toBe("dark");
  });

  it.runIf(process.platform === "linux")("is no pipe to wait for", () => {
    const path = join(folder, "settings.json");
    execFileSync("mkfifo", [path]);
    expect(new SettingsStore(path).value).toEqual(settingsSchema.parse({}));
  });

  it("isn't written larger than it is read", () => {
    const path = join(folder, "settings.json");
    const settings = new SettingsStore(path);
    settings.set(settingsSchema.parse({ theme: "dark" }));
    expect(() => settings.set(settingsSchema.parse({ views: { big: "x".repeat(2 ** 20) } }))).toThrow(
      /larger than 1048576 bytes/,
    );
    expect([settings.value.theme, new SettingsStore(path).value.theme]).toEqual(["dark", "dark"]);
  });
});

describe("recent files", () => {
  it("are the last ten, newest first, each once, and say whether they are there", async () => {
    const path = join(folder, "recent.json");
    const recent = new RecentFiles(path);
    for (let file = 0; file < 12; file++) recent.add(join(folder, `${file}.onnx`));
    recent.add(join(folder, "5.onnx"));
    recent.add(join(folder, "notes.txt"));
    await writeFile(join(folder, "11.onnx"), "");
    const list = new RecentFiles(path).list();
    expect(list.map((file) => Number.parseInt(file.path.slice(folder.length + 1), 10))).toEqual([
      5, 11, 10, 9, 8, 7, 6, 4, 3, 2,
    ]);
    expect(list.slice(0, 2)).toMatchObject([
      { kind: "model", exists: false },
      { kind: "model", exists: true },
    ]);
    recent.clear();
    expect(new RecentFiles(path).list()).toEqual([]);
  });

  it("are none if the file is damaged", async () => {
    await writeFile(join(folder, "recent.json"), '[{"path":1}]');
    expect(new RecentFiles(join(folder, "recent.json")).list()).toEqual([]);
  });
});

describe("the log", () => {
  it("is at most two files of a megabyte", () => {
    const path = join(folder, "logs", "engine.log");
    const chunk = Buffer.alloc(400_000, "a");
    for (let round = 0; round < 7; round++) new RotatingLog(path).write(chunk);
    expect(readFileSync(path)).toHaveLength(400_000);
    expect(readFileSync(`${path}.old`)).toHaveLength(800_000);
    new RotatingLog(path).write(Buffer.alloc(5_000_000, "b"));
    expect(readFileSync(path)).toHaveLength(1_000_000);
  });

  it("keeps an error's stack, and never throws", () => {
    const path = join(folder, "main.log");
    new RotatingLog(path).error(new Error("for the log"));
    expect(readFileSync(path, "utf8")).toMatch(/^\d{4}-\d\d-\d\dT\S+ Error: for the log\n +at /);
    const impossible = new RotatingLog(join(path, "below", "x.log"));
    impossible.note("nowhere");
    expect(existsSync(impossible.path)).toBe(false);
  });
});
