/**
 * Does anything that a file says crash, hang, grow or deceive what opens it?
 *
 *     npm run fuzz -- [--seconds 60] [--seed 1] [--kind model|project|data] [--json] [--keep DIR] [--jobs N]
 *     npm run fuzz -- --seed S --case N
 *     npm run fuzz -- --known ID
 *
 * Opens what is known to have done harm once, then damaged models, projects and data sets until the time is up, in
 * processes of their own. What is found is kept as files, each case with how to run it again, and fails the run. A case
 * is the same bytes for the same seed and number.
 */
import os from "node:os";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { caseKinds, kindOfCase } from "./fuzz-case.ts";
import { knownCases } from "./known/index.ts";
import type { CaseName, CaseOutcome } from "./run/case-protocol.ts";
import { Counts } from "./run/counts.ts";
import { type FuzzOptions, fuzz } from "./run/fuzz.ts";
import { serveCases } from "./run/serve-cases.ts";
import { againText, nameText } from "./run/write-finding.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    kind: { type: "string" },
    case: { type: "string" },
    known: { type: "string" },
    json: { type: "boolean", default: false },
    keep: { type: "string", default: "artifacts/fuzz" },
    jobs: { type: "string", default: String(Math.min(4, os.availableParallelism())) },
    serve: { type: "boolean", default: false },
  },
});
const started = performance.now();

if (flags.serve) await serveCases();
else {
  const fault = flagFault();
  if (fault) console.error(fault);
  process.exitCode = fault ? 2 : await main();
}

function flagFault(): string | undefined {
  const { kind, known, seconds, seed, jobs, case: number } = flags;
  if (kind !== undefined && !caseKinds.some((each) => each === kind))
    return `choose a kind: ${caseKinds.join(", ")}`;
  if (known !== undefined && !Object.hasOwn(knownCases, known))
    return `choose a known case: ${Object.keys(knownCases).join(", ")}`;
  const numbers = [seconds, seed, jobs, number ?? "0"];
  return numbers.every((text) => /^\d+$/.test(text)) && Number(jobs) > 0
    ? undefined
    : "--seconds, --seed, --case and --jobs are whole numbers, --jobs at least 1";
}

async function main(): Promise<number> {
  const counts = new Counts();
  const isOne = flags.known !== undefined || flags.case !== undefined;
  const options: FuzzOptions = {
    entry: fileURLToPath(import.meta.url),
    processes: isOne ? 1 : Number(flags.jobs),
    keep: resolve(flags.keep),
    watch: (name, outcome) => {
      counts.add(name, outcome);
      if (flags.json) return;
      if (isOne) console.log(JSON.stringify(outcome, null, 2));
      else if (outcome.problems.length > 0) console.log(findingText(name, outcome));
    },
  };
  const findings = await fuzz(wantedCases(), options);
  const seconds = (performance.now() - started) / 1000;
  const seed = Number(flags.seed);
  if (flags.json) console.log(JSON.stringify({ seed, seconds, ...counts.figures(), findings }));
  else console.log(`\nseed ${seed}, ${seconds.toFixed(0)} s\n${counts.text()}`);
  if (findings.length > 0 && !flags.json) console.log(`kept in ${options.keep}`);
  return findings.length > 0 ? 1 : 0;
}

/** One case, or those that are known and then damaged ones until the time is up. */
function* wantedCases(): Generator<CaseName> {
  const seed = Number(flags.seed);
  if (flags.known !== undefined) return yield { known: flags.known };
  if (flags.case !== undefined) return yield { seed, number: Number(flags.case) };
  const isWanted = (kind: string) => flags.kind === undefined || flags.kind === kind;
  for (const known of Object.keys(knownCases)) if (isWanted(known.split("-")[0])) yield { known };
  const from = performance.now();
  for (let number = 0; performance.now() - from < 1000 * Number(flags.seconds); number++)
    if (isWanted(kindOfCase(number))) yield { seed, number };
}

function findingText(name: CaseName, { problems, mutations }: CaseOutcome): string {
  const lines = problems.map(({ kind, what }) => `  ${kind}: ${what.split("\n")[0].slice(0, 240)}`);
  return [`${nameText(name)} (${mutations.join(", ")}): ${againText(name)}`, ...new Set(lines)].join("\n");
}
