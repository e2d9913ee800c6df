import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { answerAppRequest, isAppUrl } from "./app-protocol.ts";

let folder: string;
let root: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-protocol-"));
  root = join(folder, "renderer");
  await mkdir(join(root, "deep"), { recursive: true });
  await writeFile(join(root, "index.html"), "<!doctype html>");
  await writeFile(join(root, "deep", "a b.js"), "1");
  await writeFile(join(root, "evaluator.wasm"), "wasm");
  await writeFile(join(root, "secret.pem"), "key");
  await writeFile(join(folder, "outside.js"), "2");
  await symlink(join(folder, "outside.js"), join(root, "link.js"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ask = (path: string, method = "GET") =>
  answerAppRequest({ url: path.includes("://") ? path : `app://offramp/${path}`, method }, root);

it.each([
  ["index.html", "text/html; charset=utf-8"],
  ["index.html?query#hash", "text/html; charset=utf-8"],
  ["deep/a%20b.js", "text/javascript; charset=utf-8"],
  ["evaluator.wasm", "application/wasm"],
])("answers %s with its type and a strict policy", async (path, type) => {
  const { status, headers } = await ask(path);
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe(type);
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  const policy = headers.get("content-security-policy")!;
  expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; /);
  expect(policy).toMatch(/; sandbox allow-scripts allow-same-origin allow-forms$/);
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*|https?:/);
});

it.each([
  "nothing.js",
  "",
  "deep",
  "deep/",
  "secret.pem",
  "../outside.js",
  "%2e%2e/outside.js",
  "..%2foutside.js",
  "deep/..%2f..%2foutside.js",
  "..%5coutside.js",
  "link.js",
  "%00index.html",
  "index.html%00.js",
  "%",
  "app://other/index.html",
  "app://offramp.evil/index.html",
  "file:///etc/passwd",
])("has nothing at %j", async (path) => {
  const { status, body } = await ask(path);
  expect(status).toBe(404);
  expect(body).toBeNull();
});

it("only reads", async () => {
  expect((await ask("index.html", "POST")).status).toBe(405);
});

it("knows its own pages by their whole origin", () => {
  expect(isAppUrl("app://offramp/index.html")).toBe(true);
  for (const url of [
    "app://offramp",
    "app://offramp.evil/",
    "https://offramp/",
    "file:///",
    "about:blank",
    "",
  ])
    expect(isAppUrl(url), url).toBe(false);
});
