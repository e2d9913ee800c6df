import { AppError } from "../base/errors.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import type { Profile } from "../model/profile.ts";
import { type Weighting, weighSamples } from "./sample-weights.ts";
import type { Candidate, SearchSpace } from "./search-space.ts";

/** What is known about a head beside its confidences and latency; rows of the tables follow this order. */
export interface CalibratedExit {
  /** Order of its cut point along the backbone. */
  readonly position: number;
  readonly cutPoint: string;
  readonly head: string;
  readonly prefixMacs: number;
  readonly headMacs: number;
  readonly headBytes: number;
}

export interface SpaceInputs extends Weighting {
  readonly exits: readonly CalibratedExit[];
  /** One table per exit policy of the space, by the policy's id; the same samples in each. */
  readonly tables: ReadonlyMap<string, ConfidenceTable>;
  readonly profile: Profile;
  readonly backboneMacs: number;
  readonly backboneBytes: number;
  readonly peakActivationBytes?: number;
  readonly maxExits: number;
  readonly levels: number;
}

/** The policies that there are tables for and that the profile has timed. */
export function profiledPolicies(tables: SpaceInputs["tables"], { heads }: Profile): string[] {
  return [...tables.keys()].filter((policy) => heads.some((head) => head.policy === policy));
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
  profile: Profile,
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
    confidence: confidence.subarray(row * samples, (row + 1) * samples),
    correct: correct.subarray(row * samples, (row + 1) * samples),
  };
}
