import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AppError } from "../../../shared/base/errors.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { type Design, emptyDesign } from "../../../shared/model/design.ts";
import type { EngineCall } from "../engine/engine-supervisor.ts";
import { holdsUnsavedWork, Journal, type Opening } from "./journal.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offramp-journal-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const backbone: ProjectView["backbone"] = {
  name: "net",
  sha256: "0".repeat(64),
  graphSha256: "1".repeat(64),
  fileSha256: "2".repeat(64),
  producer: "",
  irVersion: 8,
  opset: 17,
  input: {
    name: "x",
    type: "float32",
    layout: "NCHW",
    channels: 1,
    height: 2,
    width: 2,
    dynamicBatch: false,
  },
  output: { name: "y", classes: 2, kind: "logits", type: "float32" },
  precision: "float32",
  nodes: [],
  cutPoints: [],
  readyExits: [],
  otherOutputs: [],
  warnings: [],
  macs: 0,
  parameters: 0,
  parameterBytes: 0,
  peakActivationBytes: 0,
};

function view(name: string, projectPath: string | null, modelPath: string | null): ProjectView {
  return {
    revision: 1,
    name,
    projectPath,
    modelPath,
    backbone,
    preprocess: null,
    data: null,
    heads: [],
    outputs: [],
    policies: [],
    samples: 0,
    members: [],
    profiles: [],
    front: null,
    canGoOn: false,
    trust: null,
    plans: [],
    references: [],
    searches: [],
    robustness: null,
    runs: [],
  };
}

const model = { channel: "model.open", request: { path: "/m/net.onnx", inputSize: [32, 32] } } as const;
const project = { channel: "project.open", request: { path: "/p/net.offramp" } } as const;
const design = (target: string): Design => ({ ...emptyDesign, target });

/** A run of the app on the same folder, with an engine that writes states and opens anything. */
function run() {
  const asked: { channel: string; request: Record<string, unknown> }[] = [];
  const engine = {
    fails: undefined as AppError | undefined,
    /** Called while a state is written. */
    meanwhile: () => {},
  };
  const faults: unknown[] = [];
  let seconds = 0;
  const call: EngineCall = async (channel, given) => {
    const request = given as Record<string, unknown>;
    asked.push({ channel, request });
    if (engine.fails) throw engine.fails;
    if (channel !== "project.save") return { project: view("net", null, null), design: null };
    await Promise.resolve();
    engine.meanwhile();
    await mkdir(join(folder, "journal"), { recursive: true });
    await writeFile(String(request.path), "state");
    return {};
  };
  const journal = new Journal({
    folder,
    call,
    unexpected: (error) => faults.push(error),
    now: () => new Date(1000 * seconds++),
  });
  journal.setAside(false);
  const settled = () => new Promise((resolve) => setTimeout(resolve, 50));
  const open = (opening: Opening) => {
    const { path } = opening.request as { path: string };
    const isProject = opening.channel === "project.open";
    const project = view("net", isProject ? path : null, isProject ? null : path);
    journal.opened(opening, { project, design: null });
  };
  return { journal, asked, engine, faults, settled, call, open };
}

const journalFiles = async () => (await readdir(join(folder, "journal")).catch(() => [])).sort();

const statePath = expect.stringMatching(/(journal|recovery).project-[0-9a-f-]{36}\.offramp$/);

it("offers nothing after a run that left nothing unsaved, and copies no project that lies in its own file", async () => {
  const first = run();
  first.open(project);
  first.journal.writeDesign(design("1"), false);
  await first.settled();
  expect(first.asked).toEqual([]);
  expect(run().journal.recovery()).toBeNull();
  expect(await journalFiles()).toEqual([]);
});

it("a killed run's work is offered and opened with its design, and is safe until then and after", async () => {
  const first = run();
  first.open(model);
  await first.settled();
  expect(first.asked).toMatchObject([
    { channel: "project.save", request: { path: statePath, copy: true, design: emptyDesign } },
  ]);
  first.journal.writeDesign(design("3"), true);

  // What is opened before the person decides doesn't cost the offer.
  const second = run();
  expect(second.journal.recovery()).toEqual({
    name: "net",
    savedAt: "1970-01-01T00:00:02.000Z",
    projectPath: null,
  });
  second.open(project);
  const third = run();
  expect(third.journal.recovery()).toMatchObject({ name: "net" });

  third.engine.fails = new AppError("engine-crashed", "gone");
  await expect(third.journal.recover()).rejects.toMatchObject({ code: "engine-crashed" });
  expect(third.journal.recovery()).toMatchObject({ name: "net" });

  third.engine.fails = undefined;
  expect(await third.journal.recover()).toMatchObject({ design: design("3") });
  expect(third.asked.at(-1)).toMatchObject({
    channel: "project.open",
    request: { path: statePath, as: { name: "net", projectPath: null, modelPath: "/m/net.onnx" } },
  });
  expect(third.journal.recovery()).toBeNull();
  expect(run().journal.recovery()).toMatchObject({ name: "net" });
});

it("opens the design that a run of version 1 left, which counted profiles", async () => {
  const first = run();
  first.open(model);
  await first.settled();
  first.journal.writeDesign({ ...design("none"), useCase: { latency: "p95" } }, true);
  const path = join(folder, "journal", "design.json");
  const stored = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...stored, design: { ...stored.design, target: 0 } }));
  const { design: recovered } = await run().journal.recover();
  expect(recovered).toMatchObject({ useCase: { latency: "p95" }, target: null });
});

it("a change of the engine's is unsaved even if the design is not", async () => {
  const first = run();
  first.open(project);
  first.journal.changed();
  await first.settled();
  expect(await journalFiles()).toHaveLength(2);
  expect(run().journal.recovery()).toMatchObject({ name: "net" });
});

it("saving settles it: the saved file is enough", async () => {
  const first = run();
  first.open(model);
  first.journal.writeDesign(design("1"), true);
  first.journal.changed();
  await first.settled();
  first.journal.saved("/p/named.offramp", design("1"));
  await first.settled();
  expect(await journalFiles()).toEqual(["design.json", "document.json"]);
  expect(run().journal.recovery()).toBeNull();
});

it("a state that was being written when another file was opened is of no use", async () => {
  const { journal, engine, open, settled, call, asked } = run();
  open(model);
  engine.meanwhile = () => open(project);
  await settled();
  await journal.restore(call);
  expect(asked.at(-1)).toEqual(project);
});

it("changes while a state is written are written after it, once", async () => {
  const { journal, engine, open, settled, asked } = run();
  open(project);
  engine.meanwhile = () => {
    engine.meanwhile = () => {};
    journal.changed();
    journal.changed();
  };
  journal.changed();
  await settled();
  expect(asked).toHaveLength(2);
  expect(await journalFiles()).toHaveLength(2);
});

it("after a crash of the engine opens the last state, or what was opened if there is none yet", async () => {
  const { journal, engine, open, settled, call, asked } = run();
  expect(await journal.restore(call)).toBeUndefined();
  engine.fails = new AppError("engine-crashed", "gone");
  open(model);
  await settled();
  engine.fails = undefined;
  await journal.restore(call);
  expect(asked.at(-1)).toEqual(model);
  journal.changed();
  await settled();
  expect(await journal.restore(call)).toMatchObject({ project: { name: "net" } });
  expect(asked.at(-1)).toMatchObject({ channel: "project.open", request: { path: statePath } });
});

it("knows what is open, and whether there is unsaved work in its folder", async () => {
  const first = run();
  expect([first.journal.hasDocument, first.journal.projectPath]).toEqual([false, null]);
  first.open(project);
  expect([first.journal.hasDocument, first.journal.projectPath]).toEqual([true, "/p/net.offramp"]);
  expect(holdsUnsavedWork(folder)).toBe(false);
  first.journal.writeDesign(design("1"), true);
  expect(holdsUnsavedWork(folder)).toBe(true);
  const second = run();
  expect(second.journal.recovery()).toMatchObject({ projectPath: "/p/net.offramp" });
  expect(holdsUnsavedWork(folder)).toBe(true);
  second.journal.discard();
  expect(holdsUnsavedWork(folder)).toBe(false);
  second.open(model);
  second.journal.saved("/p/other.offramp", emptyDesign);
  expect(second.journal.projectPath).toBe("/p/other.offramp");
  second.journal.clear();
  expect([second.journal.hasDocument, second.journal.projectPath]).toEqual([false, null]);
});

it("damaged or foreign files are no recovery", async () => {
  const first = run();
  first.open(model);
  first.journal.writeDesign(design("1"), true);
  await first.settled();
  await writeFile(join(folder, "journal", "document.json"), '{"id":');
  expect(run().journal.recovery()).toBeNull();
  await expect(run().journal.recover()).rejects.toMatchObject({ code: "file-not-found" });
});

it("the design of what was open before isn't taken for that of what is open now", async () => {
  const first = run();
  first.open(model);
  first.journal.writeDesign(design("1"), true);
  first.open(project);
  first.journal.changed();
  await first.settled();
  expect(await run().journal.recover()).toMatchObject({ design: emptyDesign });
});

it("a page that crashed gets back what was open, saved or not; clearing and discarding leave nothing", async () => {
  const first = run();
  first.open(project);
  first.journal.setAside(true);
  expect(first.journal.recovery()).toMatchObject({ name: "net" });
  first.journal.discard();
  expect(first.journal.recovery()).toBeNull();
  first.open(project);
  first.journal.writeDesign(design("1"), true);
  first.journal.clear();
  expect(run().journal.recovery()).toBeNull();
});
