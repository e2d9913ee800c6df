import { type ChildProcess, fork } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pidusage from "pidusage";
import type { CaseName, CaseOutcome, CaseReport, Problem } from "./case-protocol.ts";
import type { Limits } from "./limits.ts";

/** How often a process is looked at. */
const watchIntervalMs = 200;

/** A process that opens cases, and is replaced once it has died or been ended. */
export class CaseProcess {
  readonly #entry: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;
  /** Of the process's error stream, the end. */
  #complaint = "";

  /**
   * @param entry script whose `--serve` opens cases
   * @param folder of its own
   */
  constructor(entry: string, folder: string) {
    this.#entry = entry;
    this.#folder = folder;
  }

  /** @returns what came of it, and where its files are until the next case */
  async run(name: CaseName, limits: Limits): Promise<{ outcome: CaseOutcome; folder: string }> {
    const folder = join(this.#folder, "cwd", "case");
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    this.#child ??= await this.#start();
    const child = this.#child;
    const followed = follow(child);
    child.send({ name, folder });
    const outcome = await this.#watch(child, followed, limits);
    if (outcome.problems.some(({ kind }) => kind !== "message" && kind !== "nonsense")) await this.end();
    return { outcome, folder };
  }

  async end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child) await ended(child);
    await rm(join(this.#folder, "tmp"), { recursive: true, force: true });
  }

  async #start(): Promise<ChildProcess> {
    const [cwd, temporary] = [join(this.#folder, "cwd"), join(this.#folder, "tmp")];
    await mkdir(cwd, { recursive: true });
    await mkdir(temporary, { recursive: true });
    const child = fork(this.#entry, ["--serve"], {
      cwd,
      env: { ...process.env, TMPDIR: temporary, OFFRAMP_CACHE: join(this.#folder, "cache") },
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    this.#complaint = "";
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-2000);
    });
    const { reports, gone } = follow(child);
    while (!reports.some(({ report }) => report === "ready")) {
      if (await Promise.race([gone, delay(20)]))
        throw new Error(`a process can't be started: ${this.#complaint}`);
    }
    return child;
  }

  async #watch(child: ChildProcess, { reports, gone }: Followed, limits: Limits): Promise<CaseOutcome> {
    let start: { cpuMs: number; wallMs: number; rss: number } | undefined;
    let mutations: readonly string[] = [];
    const failed = (...problems: Problem[]): CaseOutcome => ({
      mutations,
      problems,
      grownBytes: 0,
      cpuMs: 0,
    });
    for (;;) {
      for (const report of reports) {
        if (report.report === "made") mutations = report.mutations;
        if (report.report === "done") return judged(report.outcome, limits);
      }
      const how = await Promise.race([gone, delay(reports.length === 0 ? 10 : watchIntervalMs)]);
      if (reports.some(({ report }) => report === "done")) continue;
      if (how) {
        this.#child = undefined;
        if (reports.length === 0) throw new Error(`a case can't be made: ${this.#complaint}`);
        return failed({ kind: "crash", what: `${how}: ${this.#complaint}` });
      }
      if (reports.length === 0) continue;
      const usage = await pidusage(child.pid!).catch(() => undefined);
      if (!usage) continue;
      start ??= { cpuMs: usage.ctime, wallMs: performance.now(), rss: usage.memory };
      if (usage.memory - start.rss > limits.grownBytes)
        return failed({ kind: "memory", what: `needs more than ${gigabytes(usage.memory)} GB` });
      if (usage.ctime - start.cpuMs > limits.cpuMs)
        return failed({ kind: "hang", what: `computes for more than ${limits.cpuMs / 1000} s` });
      if (performance.now() - start.wallMs > limits.wallMs)
        return failed({ kind: "hang", what: `waits for more than ${limits.wallMs / 1000} s` });
    }
  }
}

/** What grew and shrank between two looks counts as well. */
function judged(outcome: CaseOutcome, limits: Limits): CaseOutcome {
  const problems = [...outcome.problems];
  if (outcome.grownBytes > limits.grownBytes)
    problems.push({ kind: "memory", what: `needed ${gigabytes(outcome.grownBytes)} GB` });
  if (outcome.cpuMs > limits.cpuMs)
    problems.push({ kind: "hang", what: `computed for ${(outcome.cpuMs / 1000).toFixed(1)} s` });
  return { ...outcome, problems };
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

interface Followed {
  readonly reports: CaseReport[];
  /** Resolves to how the process ended. */
  readonly gone: Promise<string>;
}

function follow(child: ChildProcess): Followed {
  const reports: CaseReport[] = [];
  child.removeAllListeners("message");
  child.on("message", (report: CaseReport) => reports.push(report));
  const gone = new Promise<string>((resolve) => {
    child.removeAllListeners("exit");
    child.once("exit", (code, signal) => resolve(signal ? `died of ${signal}` : `ended with code ${code}`));
  });
  return { reports, gone };
}

/** Ends a process and the children that it started. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  for (const pid of await childrenOf(child.pid!)) kill(pid);
  child.kill("SIGKILL");
  await gone;
}

/** Where the system doesn't say, a probe's own guard ends it. */
async function childrenOf(parent: number): Promise<number[]> {
  const list = await readFile(`/proc/${parent}/task/${parent}/children`, "utf8").catch(() => "");
  return list.split(" ").filter(Boolean).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
