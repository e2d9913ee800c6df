import { expect, test } from "vitest";
import { z } from "zod";
import { trainingRunSchema } from "../shared/files/training-run.ts";
import { expectRefusal, finishedRun, offramp, offrampJson, shared } from "./testing/command-line.ts";

test("inspect shows a project's exits and training runs, as a table and whole", async () => {
  const { project } = await finishedRun();
  const { stdout } = await offramp(["inspect", project]);
  expect(stdout).toContain("1 training run, accuracies on the calibration split");
  expect(stdout).toMatch(/^ +1 +\d{4}-\d\d-\d\d \d\d:\d\d +6 +\d\d\.\d % +\d\d\.\d % .* +1$/m);
  const schema = z.object({ outputs: z.array(z.unknown()), runs: z.array(trainingRunSchema) });
  const { outputs, runs } = await offrampJson(["inspect", project], schema);
  expect(outputs).toHaveLength(7);
  const [{ number, heads, options }] = runs;
  expect([number, heads.length, options.heads.map(({ kind }) => kind)]).toEqual([1, 6, ["mixed-hidden"]]);
  for (const { epochs, accuracy } of heads) {
    expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_, at) => at + 1));
    expect(accuracy).toBeGreaterThan(0.25);
  }
});

test("of a project nothing can be asked that it has settled", async () => {
  const { project } = await finishedRun();
  await expectRefusal(["inspect", project, "--data", shared("data")], {
    code: 2,
    says: /^offramp: a project knows its network and its data: give the \.offramp file alone/,
  });
});
