import { readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { ConfidenceTable } from "../../../shared/domain/confidence-table.ts";
import { withoutSpreadLimits } from "../../../shared/domain/constraints.ts";
import type { Profile } from "../../../shared/domain/profile.ts";
import type { SearchOptions } from "../../../shared/domain/stage-options.ts";
import type { UseCase } from "../../../shared/domain/use-case.ts";
import { AppError } from "../../../shared/errors.ts";
import { evaluatePlan, type ThresholdedExit } from "../../../shared/evaluate/evaluate-plan.ts";
import { toPlanExits } from "../../../shared/evaluate/plan-exits.ts";
import {
  type ControlledChoice,
  chooseControlled,
  hasConfidence,
} from "../../../shared/guarantee/choose-controlled.ts";
import { splitSpace } from "../../../shared/guarantee/split-space.ts";
import { type Job, silentJob } from "../../../shared/job.ts";
import { type CutSearchState, cutSearchStateSchema } from "../../../shared/offload/cut-search-state.ts";
import {
  type CutSpace,
  cutSpaces,
  type Offload,
  serverBackboneMs,
  spaceUnderCut,
} from "../../../shared/offload/cut-space.ts";
import { type CutSearch, startCutSearch } from "../../../shared/offload/search-cuts.ts";
import { seededRandom } from "../../../shared/random.ts";
import { fixedSchemes } from "../../../shared/schemes/index.ts";
import { planFlow } from "../../../shared/sdf/plan-flow.ts";
import {
  buildSearchSpace,
  type CalibratedExit,
  profiledPolicies,
} from "../../../shared/search/build-space.ts";
import { type FrontFile, frontFileSchema, type SearchRecord } from "../../../shared/search/front-file.ts";
import { searchAlgorithmById, searchAlgorithms } from "../../../shared/search/index.ts";
import { type Recommendation, recommend } from "../../../shared/search/recommend.ts";
import { accuracyOf, referencePoint } from "../../../shared/search/reference-point.ts";
import { refineThresholds } from "../../../shared/search/refine-thresholds.ts";
import type { FrontPoint, SearchResult, SearchSettings } from "../../../shared/search/run-search.ts";
import type { SearchAlgorithm } from "../../../shared/search/search-algorithm.ts";
import type { SearchObserver } from "../../../shared/search/search-observer.ts";
import type { SearchSpace } from "../../../shared/search/search-space.ts";
import { hashOf } from "../cache.ts";
import type { Head } from "../heads/head.ts";
import { type Backbone, cutPointByTensor } from "../onnx/backbone.ts";
import { exitPolicyById } from "../policies/index.ts";
import { checkProfileModel } from "./check-profile.ts";
import { observeSearch, type WatchSearch } from "./observe-search.ts";
import { searchOnThreads } from "./search-on-threads.ts";
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
  /** Absent where only tables are known. */
  readonly peakActivationBytes?: number;
  /** Of the calibration samples, beside the use case's class weights. */
  readonly sampleWeights?: readonly number[];
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
    peakActivationBytes: summary.peakActivationBytes,
  };
}

type SpaceOptions = Pick<SearchOptions, "maxExits" | "levels"> & {
  readonly useCase?: Pick<UseCase, "classWeights">;
};

/** The space of one split under some policies, its classes weighted as the use case says. */
export function spaceOf(
  inputs: SearchInputs,
  tables: ReadonlyMap<string, ConfidenceTable>,
  policies: readonly string[],
  { maxExits, levels, useCase }: SpaceOptions,
): SearchSpace {
  const chosen = new Map([...tables].filter(([policy]) => policies.includes(policy)));
  return buildSearchSpace({
    ...inputs,
    tables: chosen,
    maxExits,
    levels,
    classWeights: useCase?.classWeights,
  });
}

/** The spaces of all ways to use the targets: the device alone, and every cut if there is a server. */
export function cutSpacesOf(
  inputs: SearchInputs,
  policies: readonly string[],
  limits: SpaceOptions,
): CutSpace[] {
  const spaceOn = (profile: Profile) => spaceOf({ ...inputs, profile }, inputs.tables, policies, limits);
  const { profile, offload } = inputs;
  return offload ? cutSpaces(spaceOn, profile, offload) : [{ space: spaceOn(profile) }];
}

const file = "front.json";

/**
 * Searches, runs the alternatives and the fixed schemes beside it, and recommends a plan for the use case. A search
 * that ended is kept in the cache; of one that was stopped or cancelled, where it stood, and the next one goes on there.
 * @param begin starts the search, from where another was left if one was
 */
export async function searchFront(
  { cache, job }: StageContext,
  inputs: SearchInputs,
  options: SearchOptions,
  begin = (from?: LeftSearch) => startFrontSearch(inputs, options, undefined, from),
): Promise<FrontFile> {
  const request = {
    stage: "search",
    key: searchKey(inputs, options),
    read: async (folder: string) =>
      frontFileSchema.parse(JSON.parse(await readFile(join(folder, file), "utf8"))),
  };
  const found = await cache.find(request, job);
  if (found) return found.result;
  const place = leftSearchPlace(inputs, options);
  const search = begin((await cache.find(place, job))?.result);
  try {
    await search.advance(job, options.timeLimit);
  } finally {
    const left = search.isPaused() ? search.left() : undefined;
    if (left)
      await cache.replace({
        ...place,
        produce: (folder) => writeFile(join(folder, leftFile), JSON.stringify(left)),
      });
  }
  const front = await search.front(job);
  if (search.isPaused()) return front;
  const produce = (folder: string) => writeFile(join(folder, file), JSON.stringify(front));
  return (await cache.get({ ...request, produce }, job)).result;
}

const leftFile = "left-search.json";

const leftSearchSchema = cutSearchStateSchema.extend({ seconds: z.number().nonnegative() });

/** Where the chosen algorithm stood when a search was left, and how long it had searched. */
export type LeftSearch = Readonly<z.infer<typeof leftSearchSchema>>;

/** Where a search that was left is kept: what comes beside it and after it has no part in that. */
function leftSearchPlace(inputs: SearchInputs, options: SearchOptions) {
  return {
    stage: "left-search",
    key: searchKey(inputs, { ...options, compare: false, refine: undefined }),
    read: async (folder: string) =>
      leftSearchSchema.parse(JSON.parse(await readFile(join(folder, leftFile), "utf8"))),
  };
}

/**
 * Hash of all that a search finds in the end, however often it is stopped and however many threads share it: time limit
 * and threads have no part in it.
 */
export function searchKey(inputs: SearchInputs, { timeLimit, threads, ...options }: SearchOptions): string {
  return hashOf({ inputs: inputsHash(inputs), options });
}

/** By inputs: their tables are megabytes, and a search asks for several keys. */
const inputsHashes = new WeakMap<SearchInputs, string>();

function inputsHash(inputs: SearchInputs): string {
  const known = inputsHashes.get(inputs);
  if (known !== undefined) return known;
  const { tables, ...rest } = inputs;
  const bytes = (array: Float32Array | Uint8Array | Int32Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("base64");
  const own = [...tables].map(([policy, { confidence, correct, labels }]) => [
    policy,
    bytes(confidence),
    bytes(correct),
    labels && bytes(labels),
  ]);
  const hash = hashOf({ rest, own });
  inputsHashes.set(inputs, hash);
  return hash;
}

/** A search with its alternatives that keeps its place in memory, so that it can be stopped and gone on with. */
export interface FrontSearch {
  /**
   * Goes on until every algorithm has ended or had its time, or until the job's time is up.
   * @param timeLimit for each algorithm, seconds
   * @throws AppError 'cancelled'; the search can go on all the same
   */
  advance(job: Job, timeLimit?: number): Promise<void>;
  /** Whether it has begun and not ended. */
  isPaused(): boolean;
  /** What has been found so far, of the algorithms that have begun. */
  front(job: Job): Promise<FrontFile>;
  /** Where the chosen algorithm stands; nothing if it can't go on from there in another search. */
  left(): LeftSearch | undefined;
}

/**
 * @param watch shown how the search stands, some times a second
 * @param from where the chosen algorithm was left in a search of the same inputs and options
 * @throws AppError 'shape-mismatch' if the inputs contradict each other, 'usage' for bad options
 */
export function startFrontSearch(
  inputs: SearchInputs,
  options: SearchOptions,
  watch?: WatchSearch,
  from?: LeftSearch,
): FrontSearch {
  const { sampleWeights } = inputs;
  const { classWeights } = options.useCase;
  checkTestable({ ...inputs, isWeighted: (sampleWeights ?? classWeights) !== undefined }, options);
  const spaces = cutSpacesOf(inputs, options.policies, options);
  const [{ space }] = spaces;
  const chosen = searchAlgorithmById(options.algorithm);
  // Fronts compare with a front; against a single plan they'd say nothing.
  const isCompared = options.compare && options.goal !== "best";
  const others = isCompared ? searchAlgorithms.filter((algorithm) => algorithm.id !== chosen.id) : [];
  const parts = [chosen, ...others].map(
    (algorithm) => () =>
      startAlgorithm(spaces, algorithm, options, watch, algorithm === chosen ? from : undefined),
  );
  // A guarantee tests plans on samples that had no part in finding them.
  const { useCase } = options;
  const split = hasConfidence(useCase) ? splitSpace(space, seededRandom(options.seed)) : undefined;
  const forTests = parts.length;
  if (split)
    parts.push(() =>
      startAlgorithm([{ space: split.design }], chosen, { ...options, goal: "front" }, undefined),
    );
  const begun: AlgorithmRun[] = [];
  const isPaused = () =>
    begun.length > 0 && (begun.length < parts.length || !begun.every((run) => run.hasEnded()));

  async function advance(job: Job, timeLimit?: number): Promise<void> {
    for (const [index, begin] of parts.entries()) {
      begun[index] ??= begin();
      const share = partOfJob(job, index / parts.length, (index + 1) / parts.length);
      await begun[index].advance(share, timeLimit);
      if (job.isTimeUp?.() && !begun[index].hasEnded()) return;
    }
  }

  /** Nothing while there is no front to test. */
  async function controlled(plain: Recommendation, job: Job): Promise<ControlledChoice | undefined> {
    if (!hasConfidence(useCase) || !split || !begun[forTests]) return undefined;
    return chooseControlled(space, split, begun[forTests].search.result().front, useCase, plain, job);
  }

  async function front(job: Job): Promise<FrontFile> {
    const found = recommendUnderCut(spaces, begun[0].search.result().front, useCase);
    // A person who stopped the search doesn't wait for more.
    const isRefined = options.refine && !job.isTimeUp?.();
    const plain = isRefined ? await refined(spaces, found, useCase, job) : found;
    const choice = await controlled(plain, job);
    return {
      format: "offramp-front",
      version: 1,
      backboneSha256: inputs.backboneSha256,
      useCase,
      samples: space.samples,
      effectiveSamples: space.weights?.effectiveSamples,
      reference: referencePoint(space),
      backbone: {
        accuracy: accuracyOf(space, space.backboneCorrect),
        latencyMs: inputs.profile.backbone.meanMs,
      },
      searches: begun.slice(0, forTests).map((run) => run.record()),
      schemes: schemeRecords(inputs, options),
      recommended: asRecommended(spaces, choice?.chosen ?? plain),
      guarantee: choice && { ...choice.guarantee, plain: asRecommended(spaces, plain) },
      offload: inputs.offload && {
        server: inputs.offload.server.target,
        link: inputs.offload.link,
        backboneMs: serverBackboneMs(inputs.offload),
        alone: begun[0].search.alone().map((plan) => charted(space, plan)),
      },
    };
  }

  return { advance, isPaused, front, left: () => begun[0]?.left() };
}

/**
 * A guarantee is worth nothing where the samples that it is tested on had a part in what is tested.
 * Its test counts every sample once, and knows one target.
 * @throws AppError 'usage' naming a policy that is fitted to the calibration split, or if samples are weighted or there is
 * a server
 */
export function checkTestable(
  { offload, isWeighted }: Pick<SearchInputs, "offload"> & { readonly isWeighted: boolean },
  { policies, useCase }: SearchOptions,
): void {
  if (!hasConfidence(useCase)) return;
  if (offload)
    throw new AppError(
      "usage",
      "a guarantee is tested for one target only: leave out the server or the confidence",
    );
  if (isWeighted)
    throw new AppError(
      "usage",
      "a guarantee holds for samples as they come, so they can't be weighted; leave out the weights or the confidence",
    );
  const fitted = policies.find((policy) => exitPolicyById(policy).base);
  if (fitted === undefined) return;
  throw new AppError(
    "usage",
    `policy '${fitted}' is fitted to the calibration split, which a guarantee is tested on; leave out the policy or the confidence`,
  );
}

/** The plan with thresholds refined off the grid. */
async function refined(
  spaces: readonly CutSpace[],
  { point }: Recommendation,
  useCase: UseCase,
  job: Job,
): Promise<Recommendation> {
  const { space } = spaceUnderCut(spaces, point.cut);
  const exits = await refineThresholds(space, point.exits, useCase, { ...silentJob, pause: job.pause });
  return recommendUnderCut(spaces, [{ ...point, exits }], useCase);
}

function asRecommended(
  spaces: readonly CutSpace[],
  { point, figures, feasible, misses }: Recommendation,
): FrontFile["recommended"] {
  const on = spaceUnderCut(spaces, point.cut);
  return {
    exits: toPlanExits(on.space, point.exits),
    figures,
    feasible,
    misses: [...misses],
    cut: point.cut,
    throughput: spaces.length > 1 ? targetThroughput(on, point.exits) : undefined,
  };
}

function recommendUnderCut(
  spaces: readonly CutSpace[],
  front: readonly FrontPoint[],
  useCase: UseCase,
): Recommendation {
  return recommend(spaces[0].space, front, useCase, ({ exits, cut }) =>
    evaluatePlan(spaceUnderCut(spaces, cut).space, exits),
  );
}

/** What device, link and server sustain together. */
function targetThroughput(on: CutSpace, exits: readonly ThresholdedExit[]) {
  const { crossingRate, throughputs } = planFlow(on, exits);
  const [{ samplesPerSecond, bottleneck, loads }] = throughputs;
  return { samplesPerSecond, bottleneck, loads: [...loads], crossingRate };
}

/** One algorithm of a front search, and the time that it has had. */
interface AlgorithmRun {
  advance(job: Job, timeLimit: number | undefined): Promise<void>;
  hasEnded(): boolean;
  readonly search: Pick<CutSearch, "result" | "alone">;
  record(): SearchRecord;
  left(): LeftSearch | undefined;
}

function startAlgorithm(
  spaces: readonly CutSpace[],
  algorithm: SearchAlgorithm,
  { useCase, goal, seed, budget, threads = availableParallelism(), ...options }: SearchOptions,
  watch: WatchSearch | undefined,
  from?: LeftSearch,
): AlgorithmRun {
  const [{ space }] = spaces;
  const own = algorithm.id === options.algorithm ? options.algorithmOptions : {};
  const settings = {
    useCase,
    goal,
    seed,
    budget: algorithm.exhaustive ? Number.POSITIVE_INFINITY : budget,
    options: own,
  };
  let secondsBefore = from?.seconds ?? 0;
  let resumedAt = performance.now();
  let ended = false;
  const secondsNow = () => (performance.now() - resumedAt) / 1000;
  const seconds = () => secondsBefore + secondsNow();
  const observer = watch && observeSearch(space, algorithm.id, seed, { seconds, watch });
  const search = startForGoal(spaces, algorithm, settings, threads, observer, from);

  async function advance(job: Job, timeLimit = Number.POSITIVE_INFINITY): Promise<void> {
    if (ended) return;
    resumedAt = performance.now();
    const isTimeUp = () => job.isTimeUp?.() === true || secondsNow() > timeLimit;
    try {
      ended = await search.advance({ ...job, isTimeUp });
      observer?.rested(search.result());
    } finally {
      secondsBefore += secondsNow();
    }
  }

  function record(): SearchRecord {
    const { proven, gap, evaluations, hypervolume, front } = search.result();
    return {
      algorithm: algorithm.id,
      options: own,
      seed,
      proven,
      gap,
      goal,
      stopped: ended ? undefined : true,
      evaluations,
      seconds: secondsBefore,
      hypervolume,
      front: front.map((point) => charted(space, point)),
    };
  }

  function left(): LeftSearch | undefined {
    const state = search.state();
    return state && { ...state, seconds: secondsBefore };
  }

  return { advance, hasEnded: () => ended, search, record, left };
}

/**
 * Searches for what is wanted, and for the nearest where nothing meets it: where the best plan alone was wanted, it is
 * on the front; where no plan keeps to the limits on how samples spread, on the front of all plans.
 */
function startForGoal(
  spaces: readonly CutSpace[],
  algorithm: SearchAlgorithm,
  settings: SearchSettings,
  threads: number,
  observer: SearchObserver | undefined,
  from: CutSearchState | undefined,
): CutSearch {
  const { useCase } = settings;
  const ofFront = { ...settings, goal: "front" as const };
  const attempts = [
    ...(settings.goal === "best" ? [settings] : []),
    ofFront,
    { ...ofFront, useCase: withoutSpreadLimits(useCase) },
  ];
  const start = (attempt: SearchSettings, left?: CutSearchState) =>
    startCutSearch(spaces, algorithm, attempt, observer, searchOnThreads(threads), left);
  const searches = [start(attempts[0], from)];
  const suffices = ({ front }: SearchResult, index: number) =>
    front.length > 0 &&
    (attempts[index].goal === "front" || recommendUnderCut(spaces, front, useCase).feasible);
  const best = () =>
    searches.find((search, index) => suffices(search.result(), index)) ?? searches[searches.length - 1];
  return {
    async advance(job) {
      let ended = true;
      for (const [index, attempt] of attempts.entries()) {
        searches[index] ??= start(attempt);
        ended = (await searches[index].advance(job)) && ended;
        const result = searches[index].result();
        // A front that is proven leaves earlier attempts nothing to find.
        ended ||= result.proven;
        if (suffices(result, index)) break;
      }
      return ended;
    },
    result: () => best().result(),
    alone: () => best().alone(),
    state: () => searches[0].state(),
  };
}

function charted(space: SearchSpace, { exits, accuracy, latencyMs, cut }: FrontPoint) {
  return { exits: toPlanExits(space, exits), accuracy, latencyMs, cut };
}

/** Fixed schemes bring their own policies, so they see every table that the profile has latencies for. */
function schemeRecords(inputs: SearchInputs, options: SearchOptions): FrontFile["schemes"] {
  const policies = profiledPolicies(inputs.tables, inputs.profile);
  const space = spaceOf(inputs, inputs.tables, policies, options);
  return fixedSchemes.map((scheme) => ({
    scheme: scheme.id,
    plans: scheme.plans(space).map(({ exits, figures }) => ({
      exits: toPlanExits(space, exits),
      accuracy: figures.accuracy,
      latencyMs: figures.latencyMs[options.useCase.latency],
    })),
  }));
}
