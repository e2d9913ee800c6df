import { AppError } from "../base/errors.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import type { Latency, Profile } from "../model/profile.ts";
import type { CalibratedExit, CalibratedNetwork } from "./calibrated-exits.ts";
import { type Weighting, weighSamples } from "./sample-weights.ts";
import type { Candidate, ExitEnergy, SearchSpace } from "./search-space.ts";

/** What a network's parts take on one target. */
export type NetworkLatencies = Pick<Profile, "final" | "prefixes" | "heads" | "branch">;

/** What a network's plans are evaluated on: one split and one target. */
export interface NetworkInputs extends CalibratedNetwork {
  /** One table per exit policy of the space, by the policy's id; the same samples in each. */
  readonly tables: ReadonlyMap<string, ConfidenceTable>;
  readonly profile: NetworkLatencies;
}

/** The same where samples may count differently. */
export interface EvaluationInputs extends NetworkInputs, Weighting {
  readonly profile: Profile;
}

export interface SpaceInputs extends NetworkInputs, Weighting {
  readonly maxExits: number;
  readonly levels: number;
}

/** The tables of the policies that all of these profiles have timed. */
export function timedTables<Table>(
  tables: ReadonlyMap<string, Table>,
  profiles: readonly NetworkLatencies[],
): Map<string, Table> {
  const isTimed = (policy: string) =>
    profiles.every(({ heads }) => heads.some((head) => head.policy === policy));
  return new Map([...tables].filter(([policy]) => isTimed(policy)));
}

/**
 * The space that plans of any exits are evaluated on, under all policies that the profile has timed; nobody searches it.
 * @throws AppError as {@link buildSearchSpace} does
 */
export function evaluationSpace(inputs: NetworkInputs & Weighting): SearchSpace {
  const tables = timedTables(inputs.tables, [inputs.profile]);
  return buildSearchSpace({ ...inputs, tables, maxExits: inputs.exits.length, levels: 1 });
}

/**
 * Joins one split's tables and one target's profile into a search space: every exit under every policy.
 * The backbone inside a plan is the profile's `final`, which also states its confidence.
 * @throws AppError 'shape-mismatch' if there is no table or its rows are not the exits and the backbone,
 * 'file-invalid' if the profile lacks a prefix or head,
 * 'usage' if the weights don't fit
 */
export function buildSearchSpace(inputs: SpaceInputs): SearchSpace {
  const { exits, tables, profile } = inputs;
  const [first] = tables.values();
  if (!first) throw new AppError("shape-mismatch", "no confidence table goes by any of the policies");
  const candidates = [...tables].flatMap(([policy, table]) => {
    checkTable(table, exits.length, first.samples);
    return exits.map((exit, row) => candidate(exit, row, policy, table, profile));
  });
  const { correct, samples } = first;
  return {
    samples,
    weights: weighSamples(samples, first.labels, inputs),
    candidates: candidates.sort((a, b) => a.position - b.position),
    backboneCorrect: correct.subarray(exits.length * samples, (exits.length + 1) * samples),
    backboneMs: profile.final.meanMs,
    backboneMillijoules: profile.final.energyMillijoules,
    backboneMacs: inputs.backboneMacs,
    backboneBytes: inputs.backboneBytes,
    peakActivationBytes: inputs.peakActivationBytes,
    maxExits: inputs.maxExits,
    levels: inputs.levels,
  };
}

function checkTable(table: ConfidenceTable, exits: number, samples: number): void {
  if (table.exits === exits && table.samples === samples) return;
  throw new AppError(
    "shape-mismatch",
    `a confidence table has ${table.exits} exits and ${table.samples} samples, expected ${exits} and ${samples}`,
  );
}

function candidate(
  exit: CalibratedExit,
  row: number,
  policy: string,
  { confidence, correct, samples }: ConfidenceTable,
  profile: NetworkLatencies,
): Candidate {
  const prefix = profile.prefixes.find(({ cutPoint }) => cutPoint === exit.cutPoint);
  const timed = profile.heads.find(
    ({ cutPoint, head, policy: own }) => cutPoint === exit.cutPoint && head === exit.head && own === policy,
  );
  if (!prefix || !timed)
    throw new AppError(
      "file-invalid",
      `the profile has no latency for ${prefix ? `head '${exit.head}' with policy '${policy}'` : "the prefix"} ` +
        `at '${exit.cutPoint}'`,
      { missing: "headLatencies", kinds: [exit.head] },
    );
  return {
    ...exit,
    policy,
    prefixMs: prefix.meanMs,
    headMs: timed.meanMs,
    energy: exitEnergy(prefix.energyMillijoules, timed.energyMillijoules),
    confidence: confidence.subarray(row * samples, (row + 1) * samples),
    correct: correct.subarray(row * samples, (row + 1) * samples),
  };
}

/** Nothing unless both are known. */
export function exitEnergy(
  prefixMillijoules: Latency["energyMillijoules"],
  headMillijoules: Latency["energyMillijoules"],
): ExitEnergy | undefined {
  return prefixMillijoules === undefined || headMillijoules === undefined
    ? undefined
    : { prefixMillijoules, headMillijoules };
}
