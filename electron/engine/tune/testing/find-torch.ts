import { findTorch } from "../../../runtime/ensure-torch.mjs";

/** For tests: a Python that has PyTorch and NumPy, if there is one here. */
export const torchPython = findTorch();

/** What a test that is skipped says. */
export const noTorch =
  "no Python with PyTorch and NumPy: install python3-torch, or name one in OFFRAMP_TEST_PYTHON";
