import { AppError } from "../base/errors.ts";
import type { ConfidenceTable } from "../model/confidence-table.ts";
import { type FamilyMember, familyOf } from "../model/families.ts";
import { outputHead } from "../model/plan.ts";
import type { Latency, MemberProfile } from "../model/profile.ts";
import {
  buildSearchSpace,
  exitEnergy,
  type NetworkInputs,
  type NetworkLatencies,
  type SpaceInputs,
} from "../space/build-space.ts";
import { type Candidate, type SearchSpace, sumOf } from "../space/search-space.ts";

/** A further network for the same classes, as calibrated and timed as the backbone, on the same samples and target. */
export interface MemberInputs extends NetworkInputs, FamilyMember {
  /** As messages call it. */
  readonly name: string;
  readonly output: string;
  readonly profile: NetworkLatencies & Pick<MemberProfile, "entry">;
}

/** What a further network takes on one target. */
export type MemberLatencies = MemberInputs["profile"];

/** Networks that plans may go through beside the backbone. */
export interface Members {
  readonly backboneSha256: string;
  readonly members?: readonly MemberInputs[];
}

/** A network as a link of chains. */
export interface ChainNetwork {
  readonly sha256: string;
  /** See `familyOf`: no chain holds two of one. */
  readonly family: string;
  /** As candidates say it: the backbone's don't. */
  readonly member?: string;
  /** Its own plans, as if it was alone and its input ready. */
  readonly space: SearchSpace;
  /** What a sample costs before the network starts, ms. */
  readonly entryMs: number;
  /** The same in energy, mJ; undefined where that isn't known. */
  readonly entryMillijoules: number | undefined;
  /** Of every place along it that was timed, with an exit or without. */
  readonly prefixes: NetworkLatencies["prefixes"];
  /** Its output as an exit, one per policy, behind all its cut points. */
  readonly outputs: readonly Candidate[];
}

/** From the image to the output, ms. */
export function wholeMs({ entryMs, space }: ChainNetwork): number {
  return entryMs + space.backboneMs;
}

/** The same in energy, mJ. */
export function wholeMillijoules({ entryMillijoules, space }: ChainNetwork): number | undefined {
  return sumOf(entryMillijoules, space.backboneMillijoules);
}

/** @throws AppError as `buildSearchSpace` does */
export function backboneNetwork(inputs: SpaceInputs & Pick<Members, "backboneSha256">): ChainNetwork {
  const space = buildSearchSpace(inputs);
  const { backboneSha256: sha256, profile } = inputs;
  return {
    sha256,
    family: sha256,
    space,
    entryMs: 0,
    entryMillijoules: 0,
    prefixes: profile.prefixes,
    outputs: outputsOf(inputs, space, profile.branch),
  };
}

/**
 * @param settings of the search, and the backbone's own table
 * @throws AppError as `buildSearchSpace` does; 'shape-mismatch' if the tables aren't of the backbone's samples
 */
export function memberNetwork(
  member: MemberInputs,
  {
    maxExits,
    levels,
    tables,
    profile: { branch },
  }: Pick<SpaceInputs, "maxExits" | "levels" | "tables" | "profile">,
): ChainNetwork {
  checkSamples(member, tables);
  const space = buildSearchSpace({ ...member, maxExits, levels });
  const { sha256, profile } = member;
  return {
    sha256,
    family: familyOf(member),
    member: sha256,
    space,
    entryMs: profile.entry?.meanMs ?? 0,
    entryMillijoules: profile.entry ? profile.entry.energyMillijoules : 0,
    prefixes: profile.prefixes,
    outputs: outputsOf(member, space, profile.branch ?? branch),
  };
}

/**
 * Its decision is in the latency of the whole, and nothing is added to the weights.
 * @param branch around whatever is behind it
 */
function outputsOf(
  { tables, output, places = 0 }: NetworkInputs,
  space: SearchSpace,
  branch: Latency | undefined,
): Candidate[] {
  if (output === undefined) return [];
  return [...tables].map(([policy, { confidence, exits, samples }]) => ({
    position: Math.max(places, 1 + (space.candidates.at(-1)?.position ?? -1)),
    cutPoint: output,
    head: outputHead,
    policy,
    prefixMs: space.backboneMs,
    headMs: branch?.meanMs ?? 0,
    energy: exitEnergy(space.backboneMillijoules, branch ? branch.energyMillijoules : 0),
    prefixMacs: space.backboneMacs,
    headMacs: 0,
    headBytes: 0,
    confidence: confidence.subarray(exits * samples, (exits + 1) * samples),
    correct: space.backboneCorrect,
  }));
}

/** Rows stand for samples by their order alone, so a difference in number or class is all that shows. */
function checkSamples(
  { name, tables }: MemberInputs,
  ofBackbone: ReadonlyMap<string, ConfidenceTable>,
): void {
  const [own] = tables.values();
  const [backbone] = ofBackbone.values();
  if (!own)
    throw new AppError(
      "shape-mismatch",
      `${name} has no confidence table by any of the policies; calibrate the project's networks with the same policies`,
    );
  if (own.samples !== backbone.samples)
    throw new AppError(
      "shape-mismatch",
      `the confidence tables of ${name} are of ${own.samples} samples, the backbone's of ${backbone.samples}; calibrate all networks on the same data`,
    );
  const differing =
    own.labels && backbone.labels?.findIndex((label, sample) => label !== own.labels?.[sample]);
  if (differing === undefined || differing < 0) return;
  throw new AppError(
    "shape-mismatch",
    `sample ${differing} is of class ${own.labels?.[differing]} in the confidence tables of ${name}, of class ` +
      `${backbone.labels?.[differing]} in the backbone's; calibrate all networks on the same data`,
  );
}
