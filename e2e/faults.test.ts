import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { childrenOf } from "./testing/children.ts";
import {
  cliPath,
  type Finished,
  newFolder,
  nodeModules,
  offramp,
  shared,
  smallRun,
  start,
  startProgram,
} from "./testing/command-line.ts";

/** One line, no stack, nothing of what libraries or V8 have written. */
function expectOneLine({ code, stdout, stderr }: Finished, says: RegExp): void {
  expect(stderr).toMatch(/^offramp: [^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(stderr).not.toMatch(/unexpected failure| at [\w/.]+:\d+/);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
}

const inspect = () => ["inspect", shared("model.onnx"), "--quiet"];

describe("one line each for", () => {
  test.runIf(existsSync("/bin/sh"))("too few open files", async () => {
    let refused = 0;
    for (const files of [22, 30, 40]) {
      const command = `ulimit -n ${files}; exec "$0" "$@"`;
      const limited = startProgram("/bin/sh", ["-c", command, process.execPath, cliPath, ...inspect()]);
      const finished = await limited.finished;
      // How many are enough depends on Node.
      if (finished.code === 0) continue;
      expectOneLine(finished, /no file handles left \(EMFILE\).*ulimit -n/);
      refused++;
    }
    expect(refused).toBeGreaterThan(0);
  });

  test("too little memory", async () => {
    const environment = { NODE_OPTIONS: "--max-old-space-size=15" };
    expectOneLine(await offramp(inspect(), { environment }), /: ran out of memory; use a smaller model/);
  });

  test("a process that dies at work", async () => {
    const running = start([
      "profile",
      shared("model.onnx"),
      "--profile-seconds",
      "60",
      "-o",
      join(await newFolder(), "p.json"),
    ]);
    await running.said("\nprofile …");
    const [worker] = await childrenOf(running.child.pid!);
    process.kill(worker, "SIGSEGV");
    const { code, stderr } = await running.finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nofframp: the process that did the work died of SIGSEGV, [^\n]+\n$/);
  });

  test("a working folder that is gone", async () => {
    const cwd = await newFolder();
    const command = `cd '${cwd}' && rmdir '${cwd}' && exec "$0" "$@"`;
    const running = startProgram("/bin/sh", ["-c", command, process.execPath, cliPath, ...inspect()]);
    expectOneLine(await running.finished, /the folder in which Offramp runs was removed/);
  });

  test("no folder for temporary files", async () => {
    const gone = join(await newFolder(), "gone");
    const result = await offramp(inspect(), { environment: { TMPDIR: gone } });
    expectOneLine(
      result,
      /gone, the folder for temporary files, can't be written \([^)]+\); make room there, or/,
    );
  });

  test("ONNX Runtime, or a part of ours, that is missing or damaged", async () => {
    const install = await linkedInstall();
    const inspectThere = (...more: string[]) =>
      startProgram(process.execPath, [join(install, "dist", "cli", "offramp.js"), ...inspect(), ...more])
        .finished;
    expect((await inspectThere()).code).toBe(0);
    const runtime = join(install, "node_modules", "onnxruntime-node");
    const whole = join(nodeModules, "onnxruntime-node");
    await rm(runtime);
    expectOneLine(
      await inspectThere(),
      /a part of Offramp can't be loaded \(Cannot find package 'onnxruntime-node'/,
    );
    await cp(whole, runtime, {
      recursive: true,
      dereference: true,
      filter: (path) => !path.includes("libonnxruntime"),
    });
    expectOneLine(
      await inspectThere(),
      /a part of Offramp can't be loaded \(\S*libonnxruntime[^)]*\); install/,
    );
    const asJson = JSON.parse((await inspectThere("--json")).stdout);
    expect(asJson.error.code).toBe("system");
    await writeFile(join(install, "dist", "cli", "command-line.js"), "this is no program");
    expectOneLine(await inspectThere(), /a part of Offramp can't be loaded; install Offramp again/);
  });
});

/** What is built, with links to all packages. */
async function linkedInstall(): Promise<string> {
  const install = join(await newFolder(), "install");
  const root = dirname(nodeModules);
  await mkdir(join(install, "node_modules"), { recursive: true });
  await cp(join(root, "package.json"), join(install, "package.json"));
  for (const part of await readdir(join(root, "dist")))
    if (part === "cli" || part === "engine" || part.startsWith("chunk-"))
      await cp(join(root, "dist", part), join(install, "dist", part), { recursive: true });
  for (const name of await readdir(nodeModules))
    await symlink(join(nodeModules, name), join(install, "node_modules", name));
  return install;
}

test("a cache that is removed while it is used is made again, with a warning", async () => {
  const folder = await newFolder();
  const cache = join(folder, "cache");
  const running = start(
    [...smallRun(join(folder, "out")), "--max-drop", "0.5", "--epochs", "20", "--patience", "20"],
    {
      environment: { OFFRAMP_CACHE: cache },
    },
  );
  await running.said("\ntrain …");
  while (!(await readdir(cache)).some((name) => name.startsWith("head-")))
    await new Promise((turn) => setTimeout(turn, 20));
  await rm(cache, { recursive: true, force: true, maxRetries: 10 });
  const { code, stderr } = await running.finished;
  expect(code, stderr).toBe(0);
  expect(stderr).toContain(
    `warning: something in ${cache} was removed while it was in use; what was lost is made again`,
  );
  expect(await readdir(join(folder, "out"))).toContain("report.html");
});

test("results whose folder is removed meanwhile say so", async () => {
  const folder = await newFolder();
  const out = join(folder, "results", "out");
  const running = start([...smallRun(out), "--max-drop", "0.5"]);
  await running.said("\nexport …");
  await rm(join(folder, "results"), { recursive: true, force: true, maxRetries: 10 });
  const { code, stderr } = await running.finished;
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /\nofframp: \S+out was removed or replaced while results were written to it; run again\n$/,
  );
});
