import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Grants } from "./grants.ts";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "offramp-grants-")));
  await mkdir(join(folder, "data", "train"), { recursive: true });
  await writeFile(join(folder, "data", "train", "a.png"), "");
  await writeFile(join(folder, "secret"), "");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]) => join(folder, ...parts);

it("allows what was chosen and what lies in it, and nothing else", () => {
  const grants = new Grants();
  expect(grants.allows(at("data"))).toBe(false);
  grants.add(at("data"));
  expect(grants.allows(at("data"))).toBe(true);
  expect(grants.allows(at("data", "train", "a.png"))).toBe(true);
  expect(grants.allows(at("data", "new", "deeper"))).toBe(true);
  expect(grants.allows(folder)).toBe(false);
  expect(grants.allows(at("secret"))).toBe(false);
  expect(grants.allows(at("data2"))).toBe(false);
  expect(grants.allows(`${at("data")}/../secret`)).toBe(false);
  expect(grants.allows(`${at("data")}/../data/train`)).toBe(true);
});

it("knows no relative path", () => {
  const grants = new Grants();
  grants.add(".");
  expect(grants.allows(".")).toBe(false);
  expect(grants.allows(process.cwd())).toBe(false);
  expect(grants.allows("")).toBe(false);
});

it("lets no link lead out of a chosen folder", async () => {
  await symlink(at("secret"), at("data", "link"));
  await symlink(folder, at("data", "up"));
  const grants = new Grants();
  grants.add(at("data"));
  expect(grants.allows(at("data", "link"))).toBe(false);
  expect(grants.allows(at("data", "up", "secret"))).toBe(false);
  expect(grants.allows(at("data", "up", "not-there-yet"))).toBe(false);
});

it("runs what was chosen to be run, and nothing that lies in a chosen folder", async () => {
  const grants = new Grants();
  grants.add(at("data"));
  grants.add(at("secret"));
  expect(grants.allowsProgram(at("data", "train", "a.png"))).toBe(false);
  expect(grants.allowsProgram(at("secret"))).toBe(false);
  await symlink(at("secret"), at("python"));
  grants.addProgram(at("python"));
  expect(grants.allowsProgram(at("python"))).toBe(true);
  expect(grants.allowsProgram(at("data", "python"))).toBe(false);
  expect(grants.allowsProgram("python")).toBe(false);
  expect(grants.allows(at("data2", "python"))).toBe(false);
});

it("follows a chosen link, also once saving has put a file in its place", async () => {
  await symlink(at("secret"), at("link"));
  const grants = new Grants();
  grants.add(at("link"));
  expect(grants.allows(at("link"))).toBe(true);
  expect(grants.allows(at("secret"))).toBe(true);
  await writeFile(at("draft"), "");
  await rename(at("draft"), at("link"));
  expect(grants.allows(at("link"))).toBe(true);
});

it("a named path opens nothing below it", () => {
  const grants = new Grants();
  grants.addNamed(at("data"));
  expect(grants.allows(at("data"))).toBe(true);
  expect(grants.allows(at("data", "train"))).toBe(false);
});

it("the root of the disk as a chosen folder holds everything", () => {
  const grants = new Grants();
  grants.add("/");
  expect(grants.allows(at("secret"))).toBe(true);
});

it("a path of ten thousand folders that aren't there costs no stack", () => {
  const grants = new Grants();
  const deep = at(...new Array(10_000).fill("a"));
  expect(grants.allows(deep)).toBe(false);
  grants.add(at("data"));
  expect(grants.allows(at("data", ...new Array(10_000).fill("a")))).toBe(true);
});

it("what windows have in common is each one's, and what was chosen in one is that one's alone", async () => {
  const common = new Grants();
  const [first, second] = [new Grants(common), new Grants(common)];
  common.add(at("data"));
  common.addProgram(at("secret"));
  first.add(at("secret"));
  expect([first, second].map((grants) => grants.allows(at("data", "train")))).toEqual([true, true]);
  expect([first, second].map((grants) => grants.allowsProgram(at("secret")))).toEqual([true, true]);
  expect([first, second, common].map((grants) => grants.allows(at("secret")))).toEqual([true, false, false]);
});
