import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CaseProcess } from "./case-process.ts";
import type { CaseName, CaseOutcome } from "./case-protocol.ts";
import { limits } from "./limits.ts";
import { writeFinding } from "./write-finding.ts";

export interface FuzzOptions {
  /** Script that opens cases with `--serve`. */
  readonly entry: string;
  readonly processes: number;
  /** Where findings go. */
  readonly keep: string;
  /** Told of every case. */
  watch(name: CaseName, outcome: CaseOutcome): void;
}

export interface Finding {
  readonly name: CaseName;
  readonly outcome: CaseOutcome;
  readonly folder: string;
}

/** Opens cases until there are no more, in several processes. @returns those with problems, each kept as files */
export async function fuzz(cases: Iterator<CaseName>, options: FuzzOptions): Promise<Finding[]> {
  const place = await mkdtemp(join(tmpdir(), "offramp-fuzz-"));
  const findings: Finding[] = [];
  const work = async (at: number) => {
    const folder = join(place, String(at));
    await mkdir(folder);
    const own = new CaseProcess(options.entry, folder);
    try {
      for (let next = cases.next(); !next.done; next = cases.next()) {
        const name = next.value;
        const { outcome, folder: files } = await own.run(name, limits);
        options.watch(name, outcome);
        if (outcome.problems.length === 0) continue;
        findings.push({ name, outcome, folder: await writeFinding(options.keep, name, outcome, files) });
      }
    } finally {
      await own.end();
    }
  };
  try {
    await Promise.all(Array.from({ length: options.processes }, (_, at) => work(at)));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
  return findings;
}
