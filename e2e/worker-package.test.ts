import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import {
  natsProgram,
  noNats,
  startNatsServer,
  type TestServer,
} from "../electron/engine/fleet/testing/nats-server.ts";
import { profileSchema } from "../shared/model/profile.ts";
import { offrampJson, ownFolder, type Running, shared, startProgram } from "./testing/command-line.ts";

if (!natsProgram) console.warn(`skipped: ${noNats}`);

const root = join(import.meta.dirname, "..");
const packager = join(root, "electron", "runtime", "package-worker.mjs");
const platform = `${process.platform}-${process.arch}`;
const tarballSchema = z.object({ platform: z.string(), path: z.string(), bytes: z.number() });

describe.skipIf(!natsProgram)("a worker's tarball", () => {
  const folder = ownFolder();
  let server: TestServer;
  let worker: Running | undefined;

  beforeAll(async () => {
    server = await startNatsServer();
    const said = execFileSync(process.execPath, [packager, "--platform", platform, "--json"], {
      encoding: "utf8",
    });
    const [made] = z.array(tarballSchema).parse(JSON.parse(said));
    expect(made.platform).toBe(platform);
    await mkdir(folder.path("board"));
    execFileSync("tar", ["-xf", made.path], { cwd: folder.path("board") });
  });

  afterAll(async () => {
    worker?.child.kill("SIGTERM");
    await worker?.finished;
    await server?.stop();
  });

  /** Started as a board does: from its own folder, with nothing of the project around it. */
  const startBoard = (...args: string[]) =>
    startProgram(folder.path("board", "offramp-worker"), args, {
      cwd: folder.path("board"),
      environment: { OFFRAMP_CACHE: folder.path("cache"), OMP_NUM_THREADS: "1", NODE_PATH: "" },
      limitSeconds: 500,
    });

  test("holds one JavaScript file and its two dependencies", async () => {
    const files = await readdir(folder.path("board"));
    expect(files.sort()).toEqual([
      "LICENSE",
      "assets",
      "node_modules",
      "offramp-worker",
      "offramp-worker.cjs",
      "offramp-worker.cmd",
      "package.json",
    ]);
    const modules = await readdir(folder.path("board", "node_modules"));
    // The NATS client needs the two in the middle, ONNX Runtime its common part.
    expect(modules.sort()).toEqual([
      "@nats-io",
      "js-sha256",
      "onnxruntime-common",
      "onnxruntime-node",
      "tweetnacl",
    ]);
    const native = folder.path("board", "node_modules", "onnxruntime-node", "bin", "napi-v6");
    expect(await readdir(native)).toEqual([process.platform]);
    expect(await readdir(join(native, process.platform))).toEqual([process.arch]);
  });

  test("is unpacked and started, and measures a network in children of its own", async () => {
    worker = startBoard("--server", server.url, "--name", "board-1", "--threads", "1");
    await worker.said("board-1 works for");
    const environment = { OFFRAMP_SERVER: server.url, OFFRAMP_FLEET: folder.path("none.json") };
    const out = folder.path("profile.json");
    const profiling = ["profile", shared("fixed.onnx"), "--head", "gap-linear", "--profile-seconds", "0.5"];
    const profile = await offrampJson([...profiling, "--on", "board-1", "-o", out], profileSchema, {
      environment,
    });
    expect(profile.backbone.meanMs).toBeGreaterThan(0);
    const here = await offrampJson([...profiling, "-o", folder.path("here.json")], profileSchema);
    expect(profile.graphSha256).toBe(here.graphSha256);
    expect(profile.prefixes.map(({ cutPoint }) => cutPoint)).toEqual(
      here.prefixes.map(({ cutPoint }) => cutPoint),
    );
    // All that it writes lies in its cache.
    expect(existsSync(folder.path("cache", "fleet", "board-1"))).toBe(true);
    expect((await readdir(folder.path("board"))).length).toBe(7);
  });

  test("says what it needs in one line", async () => {
    const { code, stderr } = await startBoard("--server", server.url).finished;
    expect(code).toBe(2);
    expect(stderr).toBe(
      "offramp: required option '--name <name>' not specified; see `offramp-worker --help`\n",
    );
  });

  test("a platform that ONNX Runtime has nothing for is refused with those that it has", () => {
    const refused = () =>
      execFileSync(process.execPath, [packager, "--platform", "linux-riscv64"], { stdio: "pipe" });
    expect(refused).toThrow(/--platform linux-riscv64: ONNX Runtime's package brings .*linux-arm64/);
  });
});
