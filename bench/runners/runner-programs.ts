import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ensureOnnxruntime } from "../../electron/runtime/ensure-onnxruntime.mjs";
import { findPython, noPython } from "../../electron/runtime/ensure-python.mjs";

/** What `run.py` and `batch.py` import. */
const pythonModules = "numpy, onnxruntime";

/** A way to run an export. */
export interface RunnerProgram {
  readonly language: string;
  readonly form: "single file" | "staged";
  /** Of a runner that regroups samples after every stage. */
  readonly batch?: number;
  /** Prints a line an image, and what it timed on the error stream. */
  readonly command: readonly [program: string, ...args: string[]];
}

interface Wishes {
  readonly folder: string;
  readonly arrays: readonly string[];
  readonly batches: readonly number[];
  readonly threads: number;
  readonly seconds: number;
}

/**
 * Of the languages that are there.
 * @param named the Python to take; the first that has what it needs if absent
 * @param say told which are not
 */
export function runnerPrograms(
  wishes: Wishes,
  named: string | undefined,
  say: (text: string) => void,
): RunnerProgram[] {
  const programs = scriptPrograms(wishes, "JavaScript", process.execPath, {
    timer: join("bench", "runners", "time-runner.mjs"),
    batcher: "batch.mjs",
  });
  const python = findPython(pythonModules, named === undefined ? undefined : [named]);
  if (python)
    programs.push(
      ...scriptPrograms(wishes, "Python", python, {
        timer: join("bench", "runners", "time_runner.py"),
        batcher: "batch.py",
      }),
    );
  else say(named === undefined ? noPython(pythonModules) : `${named} has no ${pythonModules}`);
  const built = buildRunner(wishes.folder, say);
  return built === undefined ? programs : [...programs, ...builtPrograms(wishes, built)];
}

/** Where a language's scripts lie: one that times both forms, and the export's own for batches. */
interface Scripts {
  readonly timer: string;
  readonly batcher: string;
}

function scriptPrograms(
  { folder, arrays, batches, threads, seconds }: Wishes,
  language: string,
  program: string,
  { timer, batcher }: Scripts,
): RunnerProgram[] {
  const numbers = [`${threads}`, `${seconds}`];
  const shared = ["--threads", `${threads}`, "--time", `${seconds}`, ...arrays];
  return [
    { language, form: "single file", command: [program, timer, "single", folder, ...numbers, ...arrays] },
    { language, form: "staged", command: [program, timer, "staged", folder, ...numbers, ...arrays] },
    ...batches.map((batch): RunnerProgram => {
      const script = join(folder, "staged", batcher);
      return {
        language,
        form: "staged",
        batch,
        command: [program, script, "--batch", `${batch}`, ...shared],
      };
    }),
  ];
}

function builtPrograms({ folder, arrays, threads, seconds }: Wishes, program: string): RunnerProgram[] {
  const options = ["--threads", `${threads}`, "--time", `${seconds}`];
  const run = (form: string): RunnerProgram["command"] => [
    program,
    ...options,
    join(folder, form),
    ...arrays,
  ];
  return [
    { language: "C++", form: "single file", command: run("model.onnx") },
    { language: "C++", form: "staged", command: run("staged") },
  ];
}

/** Builds the export's own C++. @returns the program, nothing where it can't be built here */
function buildRunner(folder: string, say: (text: string) => void): string | undefined {
  const kit = ensureOnnxruntime(say);
  if (!kit) {
    say("the C++ runner isn't built");
    return undefined;
  }
  const build = join(folder, "build");
  const found = [`-DONNXRUNTIME_INCLUDE=${kit.include}`, `-DONNXRUNTIME_LIBRARY=${kit.library}`];
  for (const step of [
    ["-S", join(folder, "staged", "cpp"), "-B", build, ...found],
    ["--build", build],
  ]) {
    const { status, stdout, stderr } = spawnSync("cmake", step, { encoding: "utf8" });
    if (status !== 0) throw new Error(`the C++ runner wasn't built: ${stdout}${stderr}`);
  }
  return join(build, "run");
}
