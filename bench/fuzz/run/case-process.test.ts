import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../../electron/disk/testing/temporary-folder.ts";
import { CaseProcess } from "./case-process.ts";
import type { Limits } from "./limits.ts";

/** Does as its case's name says, without a case. */
const script = `
const done = (problems = []) =>
  process.send({ report: "done", outcome: { mutations: ["own"], problems, grownBytes: 0, cpuMs: 1, pid: process.pid } });
const kept = [];
const deeds = {
  finish: () => done(),
  complain: () => done([{ kind: "internal", what: "told" }]),
  exit: () => process.exit(3),
  spin: () => { for (;;) kept.length = 0; },
  wait: () => {},
  grow: () => setInterval(() => kept.push(Buffer.alloc(50e6, 1)), 20),
};
process.on("message", ({ name, folder }) => {
  if (name.known === "none") throw new Error("no such case");
  process.send({ report: "made", mutations: [folder] });
  setTimeout(deeds[name.known], 20);
});
process.send({ report: "ready" });
`;

/** The wall's is far from what the others need on a busy machine. */
const limits: Limits = { cpuMs: 500, grownBytes: 400e6, wallMs: 30_000 };

async function startOwn(): Promise<CaseProcess> {
  const scripts = await temporaryFolder({ "entry.mjs": script });
  const own = new CaseProcess(join(scripts, "entry.mjs"), await temporaryFolder());
  onTestFinished(() => own.end());
  return own;
}

it("opens several cases in one process, and in another after one with a fault", async () => {
  const own = await startOwn();
  const pidOf = async (known: string) => {
    const { outcome } = await own.run({ known }, limits);
    return (outcome as unknown as { pid: number }).pid;
  };
  const first = await pidOf("finish");
  expect(await pidOf("finish")).toBe(first);
  expect(await pidOf("complain")).toBe(first);
  expect(await pidOf("finish")).not.toBe(first);
});

it.each([
  ["exit", limits, "crash", /^ended with code 3/],
  ["spin", limits, "hang", /^computes for more than 0.5 s$/],
  // Memory costs processor time too, on a busy machine more of it; and it grows until the next look.
  ["grow", { ...limits, cpuMs: 30_000 }, "memory", /^needs more than \d\.\d GB$/],
  ["wait", { ...limits, wallMs: 1500 }, "hang", /^waits for more than 1.5 s$/],
] as const)("finds that a process will %s", async (known, own, kind, what) => {
  const { outcome, folder } = await (await startOwn()).run({ known }, own);
  expect(outcome.problems).toEqual([{ kind, what: expect.stringMatching(what) }]);
  expect(outcome.mutations).toEqual([folder]);
});

it("fails where a case can't be made: that is no finding", async () => {
  const own = await startOwn();
  await expect(own.run({ known: "none" }, limits)).rejects.toThrow(
    /^a case can't be made: [\s\S]*no such case/,
  );
});
