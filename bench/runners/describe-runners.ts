import { table } from "../../electron/cli/format.ts";
import type { RunnerOutcome } from "./run-in-turns.ts";

/** What the benchmark found. */
export interface FoundRunners {
  readonly machine: string;
  readonly exits: number;
  readonly threads: number;
  /** Mean latencies by form as `offramp verify` measures them, ms. */
  readonly verified: Readonly<Record<string, { readonly plan: number; readonly backbone: number }>>;
  readonly runners: readonly RunnerOutcome[];
}

export function describeRunners({ machine, exits, threads, verified, runners }: FoundRunners): string {
  const oneByOne = runners.filter(({ batch }) => batch === undefined);
  const inBatches = runners.filter(({ batch }) => batch !== undefined);
  const ofVerify = Object.entries(verified).map(([form, { plan, backbone }]) => [
    `offramp verify (backbone ${backbone.toFixed(3)} ms)`,
    form,
    plan.toFixed(3),
    "",
    "",
    (1000 / plan).toFixed(0),
    "",
  ]);
  const latencies = oneByOne.map(({ language, form, meanMs, medianMs, p95Ms, perSecond, agreement }) => [
    language,
    form,
    ...[meanMs, medianMs, p95Ms].map((ms) => ms!.toFixed(3)),
    perSecond.toFixed(0),
    percent(agreement),
  ]);
  const throughputs = inBatches.map(({ language, batch, perSecond, agreement }) => [
    language,
    `${batch}`,
    perSecond.toFixed(0),
    percent(agreement),
  ]);
  const heads = ["runner", "form", "mean ms", "median ms", "p95 ms", "a second", "decides as the tables"];
  return [
    `${machine}; ${exits} exits, ${threads} threads`,
    "",
    ...table(heads, [...latencies, ...ofVerify]),
    "",
    ...table(["runner", "batch", "a second", "decides as the tables"], throughputs),
  ].join("\n");
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
