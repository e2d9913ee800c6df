import type { Python } from "../../model/python.ts";

/** What a Python has, in a line: "PyTorch 2.3.1 · NumPy 1.26.4 · Python 3.11.2 · CPU". */
export function describePython({ python, torch, numpy, gpus }: Python): string {
  const [first = "CPU"] = gpus;
  const device = gpus.length > 1 ? `${gpus.length} x ${first}` : first;
  return `PyTorch ${torch} · NumPy ${numpy} · Python ${python} · ${device}`;
}
