import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cancelledError, type Job, silentJob } from "../../../shared/base/job.ts";
import type { TunedEpoch } from "../../../shared/model/tuned-epoch.ts";
import { temporaryFolder } from "../../disk/testing/temporary-folder.ts";
import { runTraining } from "./run-python.ts";

/** A folder whose train.py is a script for Node, which takes Python's place here. */
function trainingIn(script: string): Promise<string> {
  return temporaryFolder({ "train.py": script });
}

const say = "const say = (facts) => console.log(JSON.stringify(facts));";

async function run(script: string, job: Job = silentJob) {
  const epochs: TunedEpoch[] = [];
  const folder = await trainingIn(`${say}\n${script}`);
  const end = await runTraining(folder, [process.execPath], 2, job, (epoch) => epochs.push(epoch));
  return { epochs, end };
}

test("epochs and progress are told as they come", async () => {
  const reports: unknown[] = [];
  const job = { ...silentJob, report: (...all: unknown[]) => void reports.push(all) };
  const { epochs, end } = await run(
    `say({ compared: 2 });
     say({ epoch: 0, of: 2, accuracies: [0.5, 0.75] });
     say({ epoch: 1, step: 0, steps: 2, loss: 0.123456 });
     say({ epoch: 1, step: 1, steps: 2, loss: 0.1 });
     say({ epoch: 1, of: 2, loss: 0.1, accuracies: [0.6, 0.8], seconds: 3 });
     console.log("a library's own word");
     say({ epoch: 2, of: 2, loss: 0.05, accuracies: [0.7, 0.9] });
     say({ done: true, epoch: 2, protected: true });`,
    job,
  );
  expect(end).toEqual({ done: true, epoch: 2, protected: true });
  expect(epochs).toMatchObject([
    { epoch: 0, accuracies: [0.5, 0.75] },
    { epoch: 1, loss: 0.1, accuracies: [0.6, 0.8] },
    { epoch: 2, loss: 0.05 },
  ]);
  expect(epochs[0].remainingSeconds).toBeUndefined();
  expect(epochs[1].remainingSeconds).toBeGreaterThanOrEqual(0);
  expect(epochs[2].remainingSeconds).toBe(0);
  expect(reports).toEqual([
    [0, 2, "epoch 0 of 2"],
    [0, 2, "epoch 1 of 2, loss 0.123"],
    [0.5, 2, "epoch 1 of 2, loss 0.100"],
    [1, 2, "epoch 1 of 2"],
    [2, 2, "epoch 2 of 2"],
  ]);
});

test("epochs of an earlier run don't count for the time that is left", async () => {
  const { epochs } = await run(
    `say({ epoch: 0, of: 2, accuracies: [1] });
     say({ epoch: 1, of: 2, accuracies: [1] });
     say({ epoch: 2, step: 0, steps: 9, loss: 1 });
     say({ epoch: 2, of: 2, accuracies: [1] });
     say({ done: true, epoch: 1, protected: false });`,
  );
  expect(epochs.map(({ remainingSeconds }) => remainingSeconds)).toEqual([undefined, undefined, 0]);
});

test.each([
  [
    "train.py's own words, the first ones",
    'say({ error: "out of memory" }); say({ error: "another process was lost" }); process.exit(3);',
    "training-failed",
    "out of memory",
  ],
  [
    "the last error of a traceback",
    'console.error("Traceback\\n  File train.py\\nValueError: bad value\\n  in frame"); process.exit(1);',
    "training-failed",
    "train.py ended with: ValueError: bad value",
  ],
  [
    "what is missing",
    `console.error("ModuleNotFoundError: No module named 'torch'"); process.exit(1);`,
    "usage",
    "has no PyTorch",
  ],
  [
    "an allocator that gets no more",
    'console.error("RuntimeError: [enforce fail] DefaultCPUAllocator: can\'t allocate"); process.exit(1);',
    "training-failed",
    "the training ran out of memory",
  ],
  ["a kill", 'process.kill(process.pid, "SIGKILL");', "training-failed", "the training was killed"],
  ["silence", "", "training-failed", "train.py ended with: no word"],
])("a training that fails is one line: %s", async (_name, script, code, message) => {
  await expect(run(script)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
});

test("a program that isn't there is named", async () => {
  const folder = await trainingIn("");
  await expect(
    runTraining(folder, [join(folder, "none", "python")], 1, silentJob, () => {}),
  ).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/python can't be started \(there is no such program\)$/),
    details: { missing: "python" },
  });
});

test.runIf(process.platform !== "win32")(
  "a cancel ends all processes, those too that don't want to",
  async () => {
    const folder = await trainingIn(
      `const { spawn } = require("node:child_process");
       const stubborn = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000);';
       const child = spawn(process.execPath, ["-e", stubborn], { stdio: "inherit" });
       require("node:fs").writeFileSync("child", String(child.pid));
       process.on("SIGTERM", () => {});
       setInterval(() => {}, 1000);
       console.log(JSON.stringify({ epoch: 0, of: 2, accuracies: [1] }));`,
    );
    let isCancelled = false;
    const job: Job = {
      ...silentJob,
      pause: () => (isCancelled ? Promise.reject(cancelledError()) : Promise.resolve()),
    };
    const running = runTraining(folder, [process.execPath], 2, job, () => {
      isCancelled = true;
    });
    await expect(running).rejects.toMatchObject({ code: "cancelled" });
    const child = Number(await readFile(join(folder, "child"), "utf8"));
    await expect.poll(() => isRunning(child), { timeout: 10_000 }).toBe(false);
  },
);

test("train.py is told to end when its input does, and its input stays open while it is wanted", async () => {
  const { epochs } = await run(
    `process.stdin.resume().on("end", () => process.exit(9));
     const told = process.env.OFFRAMP_STDIN === "watch" ? 1 : 0;
     setTimeout(() => {
       say({ epoch: 0, of: 2, accuracies: [told] });
       say({ done: true, epoch: 1, protected: true });
       process.exit();
     }, 300);`,
  );
  expect(epochs[0].accuracies).toEqual([1]);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
