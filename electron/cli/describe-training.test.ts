import { expect, test } from "vitest";
import type { TunedProject } from "../engine/index.ts";
import { describeEpoch, describeTuned, describeWritten } from "./describe-training.ts";

test("an epoch is one line", () => {
  const epoch = { epoch: 3, of: 10, loss: 0.61234, accuracies: [0.7123, 0.8, 0.8936], remainingSeconds: 400 };
  expect(describeEpoch(epoch)).toBe(
    "epoch 3 of 10: loss 0.612, exits 71.2 80.0 %, output 89.4 %, about 7 min left",
  );
  expect(describeEpoch({ epoch: 0, of: 10, accuracies: [0.5, 0.9] })).toBe(
    "before: exits 50.0 %, output 90.0 %",
  );
  expect(describeEpoch({ ...epoch, accuracies: [0.9], remainingSeconds: 12.3 })).toBe(
    "epoch 3 of 10: loss 0.612, output 90.0 %, about 12 s left",
  );
  expect(describeEpoch({ ...epoch, accuracies: [0.9], remainingSeconds: 9000 })).toMatch(
    /about 2\.5 h left$/,
  );
});

test("a folder that was written says how it goes on", () => {
  const written = {
    folder: "t",
    network: "sha",
    name: "net",
    exits: [{ cutPoint: "a", kind: "k" }],
    images: 90,
  };
  expect(describeWritten(written, "p.offramp")).toEqual([
    "wrote t: net with 1 exit, 90 images",
    "train it there with python3 train.py (README.txt has torchrun and SLURM), then offramp tune p.offramp --results t -o tuned.offramp",
  ]);
  expect(describeWritten({ ...written, folder: 'Übung/to "go" $x' }, "p.offramp")[1]).toContain(
    'offramp tune p.offramp --results "Übung/to \\"go\\" \\$x" -o tuned.offramp',
  );
});

function network(name: string, accuracies: readonly number[], cuts: readonly string[]) {
  const outputs = accuracies.map((accuracy, row) => ({
    cutPoint: cuts[row] ?? null,
    head: cuts[row] ? "wide" : null,
    accuracy,
  }));
  return { backbone: { summary: { name, sha256: `sha of ${name}` } }, outputs };
}

test("a tuned network stands beside what it was, output by output", () => {
  const backbone = network("net", [0.61, 0.71, 0.91], ["a", "b"]);
  // Not the backbone's: an earlier tuned one, whose place it has taken.
  const before = network("net tuned", [0.6, 0.7, 0.9], ["a", "b"]).outputs;
  const project = { ...backbone, members: [network("net tuned", [0.75, 0.905], ["b"])] };
  const names = { tuned: "sha of net tuned", from: "sha of an earlier one" };
  const tuned = { project, before, ...names } as unknown as TunedProject;
  const { json, lines } = describeTuned(tuned);
  expect(lines).toEqual([
    "net tuned, on the test split",
    "output      head   before    tuned     gain",
    "b           wide  70.00 %  75.00 %  5.00 pp",
    "its output        90.00 %  90.50 %  0.50 pp",
  ]);
  expect(json.tuned).toEqual({
    sha256: "sha of net tuned",
    name: "net tuned",
    from: "sha of an earlier one",
    outputs: [
      { cutPoint: "b", head: "wide", before: 0.7, after: 0.75 },
      { cutPoint: null, head: null, before: 0.9, after: 0.905 },
    ],
  });
});
