import { expect, it } from "vitest";
import { jobFileNameSchema, queueName } from "./fleet-names.ts";
import { versionDifference } from "./job-ticket.ts";
import { madeUpWorker } from "./testing/made-up-worker.ts";
import { absenceText, takesJobsFor, workerStateSchema } from "./worker-state.ts";

const state = madeUpWorker;

it("a worker takes jobs for its name and its tags", () => {
  expect(takesJobsFor(state, { worker: "jetson-1" })).toBe(true);
  expect(takesJobsFor(state, { tag: "gpu" })).toBe(true);
  expect(takesJobsFor(state, { worker: "gpu" })).toBe(false);
  expect(takesJobsFor(state, { tag: "jetson-1" })).toBe(false);
  // A worker and a tag may have the same name, and different queues.
  expect(queueName({ worker: "gpu" })).not.toBe(queueName({ tag: "gpu" }));
});

it("who isn't there is said with who is", () => {
  const other = { ...state, name: "pi-5", tags: ["board"] };
  expect(absenceText({ worker: "orin" }, [other, state])).toBe(
    "orin isn't there; there are jetson-1, pi-5; tags: board, gpu",
  );
  expect(absenceText({ tag: "big" }, [{ ...state, tags: [] }])).toBe(
    "a worker with the tag big isn't there; there are jetson-1",
  );
  expect(absenceText({ worker: "orin" }, [])).toBe("orin isn't there, and no other worker either");
});

it.each([
  ["a name that reaches into other subjects", { name: "a.>" }],
  ["a name that isn't one", { name: "" }],
  ["endless words", { device: "x".repeat(301) }],
  ["a load that is none", { load: 1.5 }],
  ["a time that is none", { upSeconds: Number.POSITIVE_INFINITY }],
])("%s is no worker's state", (_, change) => {
  expect(workerStateSchema.safeParse(state).success).toBe(true);
  expect(workerStateSchema.safeParse({ ...state, ...change }).success).toBe(false);
});

it.each(["model.onnx", "export/stage-0.onnx", "_x"])("%s is a job's file", (name) => {
  expect(jobFileNameSchema.safeParse(name).success).toBe(true);
});

it.each(["", "..", "../x", "a/../x", "a/b/c", "/x", "a//b", "a\\b", ".hidden", "x\n"])(
  "%j is none",
  (name) => {
    expect(jobFileNameSchema.safeParse(name).success).toBe(false);
  },
);

it("a difference of versions names both", () => {
  expect(versionDifference("pi-5", "0.1.0", "0.1.0")).toBeUndefined();
  expect(versionDifference("pi-5", "0.1.0", "0.2.0")).toMatch(/pi-5 has Offramp 0\.1\.0 .* 0\.2\.0/);
});
