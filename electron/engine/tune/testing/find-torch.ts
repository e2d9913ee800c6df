import { spawnSync } from "node:child_process";

/** Pythons that may have PyTorch and NumPy: the one that a person names, and those of the system. */
const candidates = [process.env.OFFRAMP_TEST_PYTHON, "python3", "/usr/bin/python3"];

/** For tests: a Python that has PyTorch and NumPy, if there is one here. */
export const torchPython = candidates.find(
  (python) =>
    python !== undefined &&
    spawnSync(python, ["-c", "import torch, numpy"], { stdio: "ignore" }).status === 0,
);

/** What a test that is skipped says. */
export const noTorch =
  "no Python with PyTorch and NumPy: install python3-torch, or name one in OFFRAMP_TEST_PYTHON";
