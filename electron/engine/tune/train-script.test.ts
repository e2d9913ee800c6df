import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { noTorch, torchPython } from "./testing/find-torch.ts";
import { ranksOnLoopback } from "./testing/ranks.ts";

const root = mkdtempSync(join(tmpdir(), "train-script-"));
const fixture = fileURLToPath(new URL("testing/toy-folder.py", import.meta.url));
const env = { ...process.env, OMP_NUM_THREADS: "1" };
let folders = 0;

afterAll(() => rmSync(root, { recursive: true }));

function toyFolder(recipe: object = {}): string {
  const folder = join(root, String(folders++));
  python([fixture, folder, JSON.stringify(recipe)]);
  return folder;
}

function python(given: readonly string[], cwd = root): string {
  const { stdout, stderr, status } = spawnSync(torchPython!, given, { cwd, env, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return stdout;
}

type Line = Record<string, unknown> & { epoch?: number; accuracies?: number[]; loss?: number };

const linesOf = (text: string): Line[] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));

const train = (folder: string): Line[] => linesOf(python(["train.py"], folder));

function refused(folder: string): unknown {
  const { stdout, status } = spawnSync(torchPython!, ["train.py"], { cwd: folder, env, encoding: "utf8" });
  expect(status).toBe(3);
  return linesOf(stdout).at(-1)?.error;
}

const epochsOf = (lines: readonly Line[]) => lines.filter(({ accuracies }) => accuracies !== undefined);

const tuned = (folder: string) => readFileSync(join(folder, "tuned.npz"));

/** One of several processes, as torchrun starts them. */
function rank(folder: string, place: Readonly<Record<string, string>>) {
  const child = spawn(torchPython!, ["train.py"], {
    cwd: folder,
    env: { ...env, ...place },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  const end = new Promise<Line[]>((resolve) =>
    child.once("close", () => resolve(linesOf(Buffer.concat(parts).toString()))),
  );
  return { child, end };
}

/** Ends a process once it has said how its first epoch went. */
async function killAfterFirstEpoch(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve) =>
    child.stdout!.on("data", (part: Buffer) => {
      if (/"epoch": 2, "step"/.test(part.toString())) resolve();
    }),
  );
  child.kill("SIGKILL");
}

if (!torchPython) console.warn(noTorch);

describe.skipIf(!torchPython)("train.py", () => {
  const whole = () => {
    const folder = toyFolder();
    return { folder, lines: train(folder) };
  };
  const plain = torchPython ? whole() : undefined;

  test("every output learns, and what is kept is the epoch that it names", () => {
    const { lines } = plain!;
    const epochs = epochsOf(lines);
    expect(epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3]);
    // Four classes, equally many: a guess is right in 0.25.
    for (const [output, accuracy] of epochs[3].accuracies!.entries())
      expect(accuracy).toBeGreaterThan(epochs[0].accuracies![output] + 0.1);
    expect(lines.at(-1)).toEqual({ done: true, epoch: 3, protected: true });
  });

  test("no step goes further than a clipped gradient lets it", () => {
    const still = { weightDecay: 0, crop: 0, flip: false, batchNorm: false };
    const fallOf = (recipe: object) => {
      const losses = epochsOf(train(toyFolder({ ...still, ...recipe }))).map(({ loss }) => loss);
      return losses[1]! - losses[3]!;
    };
    // At most 0.05 / (1 - 0.9) of 0.001 in each of some forty steps.
    expect(Math.abs(fallOf({ clip: 1e-3 }))).toBeLessThan(0.01);
    expect(fallOf({})).toBeGreaterThan(0.1);
  });

  test("a second run of the same recipe writes the same bytes", () => {
    const folder = toyFolder();
    train(folder);
    expect(tuned(folder)).toEqual(tuned(plain!.folder));
  });

  test("one that was killed goes on from its last epoch to the same bytes, and tells its curves again", async () => {
    const folder = toyFolder();
    const { child, end } = single(folder);
    await killAfterFirstEpoch(child);
    await end;
    const lines = epochsOf(train(folder));
    expect(lines.map(({ epoch, again }) => [epoch, again ?? false])).toEqual([
      [0, true],
      [1, true],
      [2, false],
      [3, false],
    ]);
    expect(tuned(folder)).toEqual(tuned(plain!.folder));
  });

  test("a checkpoint of another recipe is refused", () => {
    const folder = toyFolder({ epochs: 1 });
    train(folder);
    const path = join(folder, "recipe.json");
    writeFileSync(path, readFileSync(path, "utf8").replace('"seed": 1', '"seed": 2'));
    expect(refused(folder)).toMatch(/^checkpoint.npz is of another recipe or other weights/);
  });

  test("batch norms that are put back change nothing, nor does folding them in again", () => {
    const check = `
import torch
from data import Images, scaled
from folder import load
from network import Network
from norms import folded_state, unfold_norms
network, batch = load(Network(), "weights.npz"), scaled(Images().batch(__import__("numpy").arange(64))[0])
before = network(batch)
unfold_norms(network, [batch[:32], batch[32:]])
assert sum(type(layer).__name__ == "Normalised" for layer in network.children()) == 3
after = network(batch)
plain = Network().eval()
plain.load_state_dict({name: torch.from_numpy(values) for name, values in folded_state(network).items()})
for one, two, three in zip(before, after, plain(batch)):
    assert torch.allclose(one, two, atol=1e-5) and torch.allclose(one, three, atol=1e-5)
`;
    python(["-c", check], plain!.folder);
  });

  test("layers that are frozen keep their weights and the last output its accuracy", () => {
    const folder = toyFolder({ frozen: 1, epochs: 2 });
    const epochs = epochsOf(train(folder));
    expect(epochs[2].accuracies!.at(-1)).toBe(epochs[0].accuracies!.at(-1));
    const check = `
import numpy as np
before, after = np.load("weights.npz"), np.load("tuned.npz")
same = [name for name in before if (before[name] == after[name]).all()]
assert same == [f"{layer}.{kind}" for layer in ("first", "second", "third") for kind in ("weight", "bias")] + ["last.weight", "last.bias"], same
`;
    python(["-c", check], folder);
  });

  test("weights that aren't the graph's are refused with the first layer that differs", () => {
    const folder = toyFolder();
    const spoil = `
import numpy as np
weights = dict(np.load("weights.npz"))
weights["second.weight"] *= 1.5
np.savez("weights.npz", **weights)
`;
    python(["-c", spoil], folder);
    expect(refused(folder)).toMatch(
      /^output 2 is \d\.\de-0\d off the original's, .* \/second\/Conv_output_0 \(network\.py, line 19\)$/,
    );
  });

  test("two processes learn what one learns", async () => {
    const folder = toyFolder();
    const ranks = await ranksOnLoopback(2);
    const [lines, other] = await Promise.all(ranks.map((place) => rank(folder, place).end));
    expect(other).toEqual([]);
    const [one, two] = [epochsOf(plain!.lines), epochsOf(lines)];
    expect(two[0].accuracies).toEqual(one[0].accuracies);
    expect(two).toHaveLength(one.length);
    // Batch norms see half as many images at a time, and other crops are drawn.
    for (const [epoch, { loss }] of two.entries())
      if (loss !== undefined) expect(Math.abs(loss / one[epoch].loss! - 1)).toBeLessThan(0.05);
  });

  test("a process that is lost ends the others with one line", async () => {
    const folder = toyFolder({ epochs: 1000, patience: 1000 });
    const [first, second] = (await ranksOnLoopback(2)).map((place) => rank(folder, place));
    await new Promise<void>((resolve) =>
      first.child.stdout.on("data", (part: Buffer) => {
        if (/"epoch": 2, "step"/.test(part.toString())) resolve();
      }),
    );
    second.child.kill("SIGKILL");
    expect((await first.end).at(-1)?.error).toMatch(
      /^another of the 2 processes was lost \(.*\); start it again/,
    );
  });

  test("a layer that PyTorch has no gradient of in bfloat16 is learnt in float32, unless bfloat16 is asked for", () => {
    const folder = toyFolder({ precision: "auto", epochs: 1 });
    const path = join(folder, "network.py");
    writeFileSync(path, readFileSync(path, "utf8").replace("F.relu(second)", "F.relu6(second)"));
    expect(train(folder).at(-1)).toMatchObject({ done: true });
    const check = `
import train
error = RuntimeError("\\"hardshrink_backward_cpu\\" not implemented for 'BFloat16'")
assert train.reason(error).endswith("take --precision float32")
`;
    python(["-c", check], folder);
  });

  test("the epoch that is kept is none from before the held-out images were forgotten", () => {
    const check = `
import train
def best(*epochs, new=1):
    train.RECIPE["accuracyOnNewImages"] = new
    training = train.Training.__new__(train.Training)
    training.held_out = range(1600)
    training.history = [dict(accuracies=list(epoch)) for epoch in epochs]
    return training.best()
before = (0.5, 0.8)  # one standard error of the last: sqrt(0.8 * 0.2 / 1600) = 0.01
assert best(before, (0.6, 0.8), (0.7, 0.795), (0.68, 0.8)) == (2, True)
assert best(before, (0.6, 0.8), (0.7, 0.785), (0.68, 0.8)) == (3, True)   # the second has lost more than 0.01
assert best(before, (0.6, 0.78), (0.5, 0.77), (0.55, 0.76)) == (2, False)  # none keeps it: the best last one from the lowest on
assert best(before, (0.9, 0.85), (0.5, 0.7), (0.6, 0.79)) == (3, True)   # better on the held-out ones at first, when they were known
# Known before, 0.8 of them are right; of new ones 0.6 were, and sqrt(0.6 * 0.4 / 1600) = 0.012 less is as good.
assert best(before, (0.5, 0.7), (0.6, 0.65), (0.7, 0.589), new=0.6) == (3, True)
assert best(before, (0.5, 0.7), (0.6, 0.65), (0.7, 0.587), new=0.6) == (2, True)
`;
    python(["-c", check], plain!.folder);
  });

  test("what PyTorch says of memory becomes one line", () => {
    const check = `
import train
for text in ("[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.",
             "CUDA out of memory. Tried to allocate 20.00 MiB (GPU 0; 1.95 GiB total capacity)"):
    assert train.reason(RuntimeError(text)) == "out of memory with 32 images a step; take a smaller batch size, or more processes", text
assert train.reason(RuntimeError("shape mismatch")) is None
`;
    python(["-c", check], plain!.folder);
  });

  test("it ends with whoever started it", async () => {
    const folder = toyFolder({ epochs: 1000, patience: 1000 });
    const child = spawn(torchPython!, ["train.py"], {
      cwd: folder,
      env: { ...env, OFFRAMP_STDIN: "watch" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const end = new Promise((resolve) => child.once("close", resolve));
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.stdin.end();
    expect(await end).toBe(130);
  });

  test.each([
    ["recipe.json", /^recipe\.json can't be read \(.*\); write the folder again$/],
    ["weights.npz", /weights\.npz can't be read \(.*\); write the folder again, or copy it anew$/],
    ["reference.npz", /reference\.npz can't be read \(.*\); write the folder again, or copy it anew$/],
    ["images/train-0000.npy", /^images\/ can't be read \(.*\); write the folder again, or copy it anew$/],
    ["checkpoint.npz", /checkpoint\.npz can't be read \(.*\); delete it to begin anew$/],
  ])("a damaged %s is one line", (file, says) => {
    const folder = toyFolder({ epochs: 1 });
    writeFileSync(join(folder, file), "{ half");
    expect(refused(folder)).toMatch(says);
  });

  test("a checkpoint that lacks a tensor is refused", () => {
    const folder = toyFolder({ epochs: 1 });
    train(folder);
    const cut = `
import numpy
with numpy.load("checkpoint.npz") as archive:
    kept = dict(archive.items())
kept["momentum/0"] = kept["momentum/0"][:0]
numpy.savez("checkpoint.npz", **kept)
`;
    python(["-c", cut], folder);
    expect(refused(folder)).toBe("checkpoint.npz is damaged at momentum/0; delete it to begin anew");
  });

  test("what can't be written is one line, and leaves no draft", () => {
    const folder = toyFolder({ epochs: 1 });
    mkdirSync(join(folder, "checkpoint.npz"));
    expect(refused(folder)).toMatch(/checkpoint\.npz can't be read/);
    rmSync(join(folder, "checkpoint.npz"), { recursive: true });
    mkdirSync(join(folder, "tuned.npz", "in its way"), { recursive: true });
    expect(refused(folder)).toMatch(/tuned\.npz can't be written \(.*\); see to that/);
    expect(readdirSync(folder).filter((name) => name.includes("draft"))).toEqual([]);
  });

  test("where its launcher gives it no input it trains all the same", () => {
    const folder = toyFolder({ epochs: 1 });
    const watching = { ...env, OFFRAMP_STDIN: "watch" };
    const { status } = spawnSync(torchPython!, ["train.py"], {
      cwd: folder,
      env: watching,
      stdio: ["ignore", "ignore", "inherit"],
    });
    expect(status).toBe(0);
  });
});

function single(folder: string) {
  const child = spawn(torchPython!, ["train.py"], { cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] });
  return { child, end: new Promise((resolve) => child.once("close", resolve)) };
}
