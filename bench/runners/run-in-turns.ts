import { spawnSync } from "node:child_process";
import { say } from "../plans/command.ts";
import type { PreparedExport } from "./prepared-export.ts";
import type { RunnerProgram } from "./runner-programs.ts";

/** What a runner said. */
export interface RunnerOutcome extends Omit<RunnerProgram, "command"> {
  /** Share of the images whose exit and class are the tables'. */
  readonly agreement: number;
  readonly perSecond: number;
  /** Of runs sample by sample. */
  readonly meanMs?: number;
  readonly medianMs?: number;
  readonly p95Ms?: number;
}

/** Each program once a round, so that drift of the machine hits all alike. */
export function runInTurns(
  programs: readonly RunnerProgram[],
  prepared: PreparedExport,
  rounds: number,
): RunnerOutcome[] {
  const outcomes = programs.map((): RunnerOutcome[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, program] of programs.entries()) {
      say(`round ${round + 1}: ${program.language}, ${program.form}, batch ${program.batch ?? 1}`);
      outcomes[index].push(runOnce(program, prepared));
    }
  return outcomes.map((all) => {
    const agreement = Math.min(...all.map((outcome) => outcome.agreement));
    const rising = all.toSorted((a, b) => a.perSecond - b.perSecond);
    return { ...rising[Math.floor(rising.length / 2)], agreement };
  });
}

function runOnce({ command, ...told }: RunnerProgram, { expected }: PreparedExport): RunnerOutcome {
  const [program, ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  const answers = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const agreeing = answers.filter((answer, at) => {
    const { exit, class: label = answer.class } = expected[at];
    return answer.exit === exit && answer.class === label;
  });
  const { meanMs, medianMs, p95Ms, perSecond } = JSON.parse(stderr);
  return { ...told, agreement: agreeing.length / answers.length, meanMs, medianMs, p95Ms, perSecond };
}
