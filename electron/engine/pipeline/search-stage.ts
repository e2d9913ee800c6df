import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ConfidenceTable } from "../../../shared/domain/confidence-table.ts";
import type { Profile } from "../../../shared/domain/profile.ts";
import type { SearchOptions } from "../../../shared/domain/stage-options.ts";
import { toPlanExits } from "../../../shared/evaluate/plan-exits.ts";
import { type Job, silentJob } from "../../../shared/job.ts";
import { type CutSpace, cutSpaces, type Offload } from "../../../shared/offload/cut-space.ts";
import { fixedSchemes } from "../../../shared/schemes/index.ts";
import { buildSearchSpace, type CalibratedExit } from "../../../shared/search/build-space.ts";
import { type FrontFile, frontFileSchema, type SearchRecord } from "../../../shared/search/front-file.ts";
import { searchAlgorithmById, searchAlgorithms } from "../../../shared/search/index.ts";
import { recommend } from "../../../shared/search/recommend.ts";
import { countRight, referencePoint } from "../../../shared/search/reference-point.ts";
import { refineThresholds } from "../../../shared/search/refine-thresholds.ts";
import {
  type FrontPoint,
  runSearch,
  type SearchResult,
  type SearchSettings,
} from "../../../shared/search/run-search.ts";
import type { SearchAlgorithm } from "../../../shared/search/search-algorithm.ts";
import type { SearchObserver } from "../../../shared/search/search-observer.ts";
import type { SearchSpace } from "../../../shared/search/search-space.ts";
import { hashOf } from "../cache.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { checkProfileModel } from "./check-profile.ts";
import { observeSearch, type WatchSearch } from "./observe-search.ts";
import { partOfJob, type StageContext } from "./stage-context.ts";

/** Everything that a search reads; made from a project, or from tables and a profile that came from elsewhere. */
export interface SearchInputs {
  readonly backboneSha256: string;
  readonly exits: readonly CalibratedExit[];
  /** Calibration split, by exit policy. */
  readonly tables: ReadonlyMap<string, ConfidenceTable>;
  readonly profile: Profile;
  readonly backboneMacs: number;
  readonly backboneBytes: number;
  /** The second target, if there is one. */
  readonly offload?: Offload;
}

/**
 * What a search over a model's own heads reads.
 * @throws AppError 'file-invalid' if the profile was made for another model
 */
export function searchInputs(
  backbone: Backbone,
  heads: readonly Head[],
  tables: ReadonlyMap<string, ConfidenceTable>,
  profile: Profile,
): SearchInputs {
  checkProfileModel(backbone, profile);
  const { summary } = backbone;
  const exits = heads.map((head) => {
    const cut = cutPointByTensor(summary, head.cutPoint);
    return {
      position: cut.index,
      cutPoint: head.cutPoint,
      head: head.kind,
      prefixMacs: cut.macs,
      headMacs: head.macs,
      headBytes: head.bytes,
    };
  });
  return {
    backboneSha256: summary.sha256,
    exits,
    tables,
    profile,
    backboneMacs: summary.macs,
    backboneBytes: summary.parameterBytes,
  };
}

/** The space of one split under some policies. */
export function spaceOf(
  inputs: SearchInputs,
  tables: ReadonlyMap<string, ConfidenceTable>,
  policies: readonly string[],
  { maxExits, levels }: Pick<SearchOptions, "maxExits" | "levels">,
): SearchSpace {
  const chosen = new Map([...tables].filter(([policy]) => policies.includes(policy)));
  return buildSearchSpace({ ...inputs, tables: chosen, maxExits, levels });
}

/** The spaces of all ways to use the targets: the device alone, and every cut if there is a server. */
export function cutSpacesOf(
  inputs: SearchInputs,
  policies: readonly string[],
  limits: Pick<SearchOptions, "maxExits" | "levels">,
): CutSpace[] {
  const spaceOn = (profile: Profile) => spaceOf({ ...inputs, profile }, inputs.tables, policies, limits);
  const { profile, offload } = inputs;
  return offload ? cutSpaces(spaceOn, profile, offload) : [{ space: spaceOn(profile) }];
}

const file = "front.json";

/**
 * Searches, runs the alternatives and the fixed schemes beside it, and recommends a plan for the use case.
 * @param watch shown how the search stands, some times a second; not if its result is there already
 */
export async function searchFront(
  { cache, job }: StageContext,
  inputs: SearchInputs,
  options: SearchOptions,
  watch?: WatchSearch,
): Promise<FrontFile> {
  // What a time limit leaves depends on the machine, and the next run may get further.
  if (options.timeLimit !== undefined) return search(inputs, options, job, watch);
  const key = { options, inputs: searchKey(inputs) };
  const produce = async (folder: string) => {
    await writeFile(join(folder, file), JSON.stringify(await search(inputs, options, job, watch)));
  };
  const read = async (folder: string) =>
    frontFileSchema.parse(JSON.parse(await readFile(join(folder, file), "utf8")));
  return (await cache.get({ stage: "search", key, produce, read }, job)).result;
}

function searchKey({ tables, ...rest }: SearchInputs): string {
  const bytes = (array: Float32Array | Uint8Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
  const own = [...tables].map(([policy, { confidence, correct }]) => [
    policy,
    bytes(confidence),
    bytes(correct),
  ]);
  return hashOf({ rest, own });
}

async function search(
  inputs: SearchInputs,
  options: SearchOptions,
  job: StageContext["job"],
  watch: WatchSearch | undefined,
): Promise<FrontFile> {
  const { useCase, seed, goal, timeLimit } = options;
  const space = spaceOf(inputs, inputs.tables, options.policies, options);
  const chosen = searchAlgorithmById(options.algorithm);
  // Fronts compare with a front; against a single plan they'd say nothing.
  const isCompared = options.compare && goal !== "best";
  const others = isCompared ? searchAlgorithms.filter((algorithm) => algorithm.id !== chosen.id) : [];
  const searches: SearchRecord[] = [];
  let front: readonly FrontPoint[] = [];
  for (const [index, algorithm] of [chosen, ...others].entries()) {
    const share = partOfJob(job, index / (others.length + 1), (index + 1) / (others.length + 1));
    const own = algorithm === chosen ? options.algorithmOptions : {};
    const settings = {
      useCase,
      goal,
      seed,
      budget: algorithm.exhaustive ? Number.POSITIVE_INFINITY : options.budget,
      options: own,
    };
    const observer = watch && observeSearch(space, algorithm.id, seed, watch);
    const started = performance.now();
    const isTimeUp = () => performance.now() - started > 1000 * (timeLimit ?? Number.POSITIVE_INFINITY);
    const result = await searchForGoal(space, algorithm, settings, { ...share, isTimeUp }, observer);
    const seconds = (performance.now() - started) / 1000;
    observer?.ended(result);
    if (algorithm === chosen) front = result.front;
    const { proven, gap, evaluations, hypervolume } = result;
    searches.push({
      algorithm: algorithm.id,
      options: own,
      seed,
      proven,
      gap,
      goal,
      evaluations,
      seconds,
      hypervolume,
      front: result.front.map((point) => charted(space, point)),
    });
  }
  const { point, ...found } = recommend(space, front, useCase);
  const exits = options.refine
    ? await refineThresholds(space, point.exits, useCase, { ...silentJob, pause: job.pause })
    : point.exits;
  const { figures, feasible, misses } = options.refine
    ? recommend(space, [{ ...point, exits }], useCase)
    : found;
  return {
    format: "offramp-front",
    version: 1,
    backboneSha256: inputs.backboneSha256,
    useCase,
    samples: space.samples,
    reference: referencePoint(space),
    backbone: {
      accuracy: countRight(space.backboneCorrect) / space.samples,
      latencyMs: inputs.profile.backbone.meanMs,
    },
    searches,
    schemes: schemeRecords(inputs, options),
    recommended: { exits: toPlanExits(space, exits), figures, feasible, misses: [...misses] },
  };
}

/**
 * Where the best plan alone was wanted and none meets the use case, the nearest one is: it is on the front.
 */
async function searchForGoal(
  space: SearchSpace,
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  job: Job,
  observer: SearchObserver | undefined,
): Promise<SearchResult> {
  const result = await runSearch(space, algorithm, settings, job, observer);
  if (settings.goal !== "best" || recommend(space, result.front, settings.useCase).feasible) return result;
  return runSearch(space, algorithm, { ...settings, goal: "front" }, job, observer);
}

function charted(space: SearchSpace, { exits, accuracy, latencyMs }: FrontPoint) {
  return { exits: toPlanExits(space, exits), accuracy, latencyMs };
}

/** Fixed schemes bring their own policies, so they see every table. */
function schemeRecords(inputs: SearchInputs, options: SearchOptions): FrontFile["schemes"] {
  const space = spaceOf(inputs, inputs.tables, [...inputs.tables.keys()], options);
  return fixedSchemes.map((scheme) => ({
    scheme: scheme.id,
    plans: scheme.plans(space).map(({ exits, figures }) => ({
      exits: toPlanExits(space, exits),
      accuracy: figures.accuracy,
      latencyMs: figures.latencyMs[options.useCase.latency],
    })),
  }));
}
