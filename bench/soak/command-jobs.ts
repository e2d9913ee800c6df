import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { mixture, type Snapshot, snapshot } from "./outputs.ts";
import { limits, type Places } from "./places.ts";
import type { Tally } from "./tally.ts";

interface Job {
  readonly name: string;
  readonly args: readonly string[];
  /** A file or folder of results. */
  readonly out?: string;
}

const mostTries = 50;

export interface CommandParts {
  readonly places: Places;
  readonly tally: Tally;
  /** How often such a command or its children were killed. */
  kills(): number;
  isTimeUp(): boolean;
}

/** Runs the command line's commands one after the other; each is run again when it was killed. */
export class CommandJobs {
  readonly #parts: CommandParts;
  /** Names of the files that a finished job leaves, by job. */
  readonly #names = new Map<string, readonly string[]>();
  #child: ChildProcess | undefined;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  get pid(): number | undefined {
    const child = this.#child;
    return child && child.exitCode === null && child.signalCode === null ? child.pid : undefined;
  }

  async run(round: number): Promise<void> {
    for (const job of jobsOf(this.#parts.places, round)) {
      if (this.#parts.isTimeUp()) return;
      await this.#untilDone(job);
    }
  }

  /** A last one that nobody kills: what it leaves behind is what is left behind. */
  async inspect(): Promise<void> {
    await this.#untilDone({ name: "inspect", args: ["inspect", this.#parts.places.model] });
  }

  async #untilDone(job: Job): Promise<void> {
    const { tally, kills } = this.#parts;
    for (let tries = 1; ; tries++) {
      const before = kills();
      const old = await this.#look(job);
      const { code, complaint } = await this.#once(job);
      const now = await this.#look(job);
      if (code === 0) {
        this.#names.set(job.name, [...now.keys()]);
        tally.finished(job.name);
        return;
      }
      if (kills() === before || tries === mostTries)
        throw new Error(`offramp ${job.args.join(" ")}: ${complaint}`);
      tally.ended(job.name);
      const mixed = mixture(now, old, this.#names.get(job.name) ?? [...old.keys()]);
      if (mixed) tally.lost(`${job.name} was killed, and of ${job.out} ${mixed}`);
    }
  }

  async #look({ out }: Job): Promise<Snapshot> {
    if (out === undefined) return new Map();
    const status = await stat(out).catch(() => undefined);
    if (!status?.isFile()) return snapshot(out);
    const [folder, name] = [resolve(out, ".."), out.slice(resolve(out, "..").length + 1)];
    return new Map([...(await snapshot(folder))].filter(([each]) => each === name));
  }

  async #once({ args }: Job): Promise<{ code: number | null; complaint: string }> {
    const { cache, at } = this.#parts.places;
    const child = spawn(process.execPath, ["dist/cli/offramp.js", ...args, "--quiet"], {
      env: { ...process.env, TMPDIR: at("tmp"), OFFRAMP_CACHE: cache },
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.#child = child;
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-1000);
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, complaint };
  }
}

function jobsOf({ model, data, preprocessFile, at }: Places, round: number): Job[] {
  const images = [
    ["--train-samples", limits.train],
    ["--calibration-samples", limits.calibration],
    ["--test-samples", limits.test],
  ].flat();
  const input = ["--data", data, "--preprocess", preprocessFile, ...images.map(String)];
  const training = ["--head", "gap-linear", "--epochs", "1", "--seed", String(round)];
  const search = ["--levels", "8", "--max-exits", "2", "--no-compare", "--max-drop", "2"];
  const out = (name: string) => at("out", name);
  const project = `${out("run")}/project.offramp`;
  const run = ["run", model, ...input, ...training, "--profile-seconds", "0.3", ...search];
  return [
    { name: "inspect", args: ["inspect", model] },
    { name: "run", args: [...run, "--out", out("run")], out: out("run") },
    {
      name: "train",
      args: ["train", model, ...input, ...training, "-o", out("t.offramp")],
      out: out("t.offramp"),
    },
    {
      name: "profile",
      args: ["profile", project, "--profile-seconds", "0.3", "-o", out("p.json")],
      out: out("p.json"),
    },
    { name: "search", args: ["search", project, ...search, "-o", out("search")], out: out("search") },
    { name: "export", args: ["export", project, "-o", out("export")], out: out("export") },
    { name: "verify", args: ["verify", out("export"), "--project", project, "--data", data] },
    { name: "sdf", args: ["sdf", project] },
  ];
}
