import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { AppError } from "../../../shared/base/errors.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import { type PythonFacts, pythonFactsSchema } from "../../../shared/model/python.ts";

/** The oldest PyTorch that train.py runs on. */
const oldestTorch = [1, 13] as const;

/** Nothing is imported out of the folder in which it is asked. */
const question = `
import sys
sys.path = [folder for folder in sys.path if folder]
import json, platform, numpy, torch
gpus = [torch.cuda.get_device_name(i) for i in range(torch.cuda.device_count())] if torch.cuda.is_available() else []
print(json.dumps(dict(python=platform.python_version(), torch=str(torch.__version__), numpy=str(numpy.__version__), gpus=gpus)))
`;

/** PyTorch takes seconds to load from a slow disk. */
const patienceMs = 120_000;

/**
 * Asks an interpreter whether it has what training needs, before anything long starts.
 * @throws AppError 'usage' if it can't be started, lacks PyTorch or NumPy, or has one that is too old
 */
export async function askPython(python: string): Promise<PythonFacts> {
  const facts = pythonFactsSchema.safeParse(lastLine(await answer(python)));
  if (!facts.success) throw unusable(python, "doesn't say which PyTorch it has");
  const [major, minor] = facts.data.torch.split(".").map(Number);
  if (major > oldestTorch[0] || (major === oldestTorch[0] && minor >= oldestTorch[1])) return facts.data;
  throw unusable(
    python,
    `has PyTorch ${plainName(facts.data.torch)}, and ${oldestTorch.join(".")} or newer is needed`,
  );
}

async function answer(python: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(python, ["-c", question], {
      timeout: patienceMs,
      maxBuffer: 1 << 20,
    });
    return stdout;
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: string | number; stderr?: string };
    const lack = lacking(python, stderr);
    if (lack) throw lack;
    if (typeof code === "string") throw unstartable(python, code);
    throw unusable(python, `can't load PyTorch (${stderr.trim().split("\n").at(-1) || `code ${code}`})`);
  }
}

/** That an interpreter lacks what training needs; undefined if its last words say nothing of it. */
export function lacking(python: string, words: string): AppError | undefined {
  const missing = /No module named '(torch|numpy)\b/.exec(words)?.[1];
  return missing === undefined
    ? undefined
    : unusable(python, `has no ${missing === "torch" ? "PyTorch" : "NumPy"}`);
}

/** That a program can't be started, in words. */
export function unstartable(program: string, code: string): AppError {
  return unusable(program, `can't be started (${startReasons[code] ?? code})`);
}

const startReasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such program",
  EACCES: "it is no program, or may not be run",
};

function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trim().split("\n").at(-1)!);
  } catch {
    return undefined;
  }
}

function unusable(python: string, what: string): AppError {
  return new AppError("usage", `${plainName(python)} ${what}`, { missing: "python" });
}
