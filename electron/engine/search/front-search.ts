import { type Job, partOfJob, silentJob } from "../../../shared/base/job.ts";
import { seededRandom } from "../../../shared/base/random.ts";
import { evaluatePlan } from "../../../shared/evaluate/evaluate-plan.ts";
import { createLiveEvaluator } from "../../../shared/evaluate/live/live-evaluator.ts";
import type { ChartedPlan, FrontFile, FrozenFront } from "../../../shared/files/front-file.ts";
import {
  type ControlledChoice,
  chooseControlled,
  hasConfidence,
} from "../../../shared/guarantee/choose-controlled.ts";
import { chooseSafe } from "../../../shared/guarantee/choose-safe.ts";
import type { DropBounds } from "../../../shared/guarantee/drop-bounds.ts";
import { type DropOutlook, routedOutlook } from "../../../shared/guarantee/drop-outlook.ts";
import { wayOf } from "../../../shared/model/plan.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../shared/model/use-case.ts";
import { serverBackboneMs } from "../../../shared/offload/partition-space.ts";
import { fixedSchemes } from "../../../shared/schemes/index.ts";
import { planFlow } from "../../../shared/sdf/plan-flow.ts";
import { recommendAcrossSpaces } from "../../../shared/search/designs/recommend-across-spaces.ts";
import type { FrontPoint, PlacedPlan } from "../../../shared/search/engine/front-point.ts";
import type { Recommendation } from "../../../shared/search/engine/recommend.ts";
import { searchAlgorithmById, searchAlgorithms } from "../../../shared/search/index.ts";
import { refineThresholds } from "../../../shared/search/refine-thresholds.ts";
import { evaluationSpace } from "../../../shared/space/build-space.ts";
import { type DesignSpace, spaceOfPlan } from "../../../shared/space/design-space.ts";
import { onAxis } from "../../../shared/space/energy-axis.ts";
import { oncePerSpace } from "../../../shared/space/once-per-space.ts";
import { toPlanExits } from "../../../shared/space/plan-exits.ts";
import { referenceAccuracy, referencePoint } from "../../../shared/space/reference-point.ts";
import { splitSpaces } from "../../../shared/space/split-space.ts";
import type { ThresholdedExit } from "../../../shared/space/thresholded-exit.ts";
import { type AlgorithmRun, type AlgorithmTask, startAlgorithm } from "./algorithm-run.ts";
import { checkMembers } from "./check-members.ts";
import { checkTestable } from "./check-testable.ts";
import { estimateDropBounds } from "./estimate-drop-bounds.ts";
import { frozenTask, resumeBehind, wholeResult } from "./frozen-search.ts";
import type { WatchSearch } from "./observe-search.ts";
import { planRecord, statedCosts } from "./plan-record.ts";
import type { SearchCheckpoint } from "./search-checkpoint.ts";
import { type SearchInputs, searchSpaces } from "./search-inputs.ts";
import type { SearchWorkers } from "./search-on-workers.ts";

/** A search with its alternatives that keeps its place in memory, so that it can be stopped and resumed. */
export interface FrontSearch {
  /**
   * Goes on until every algorithm has ended or had its time, or until the job's time is up.
   * @param timeLimit for each algorithm, seconds
   * @throws AppError 'cancelled'; the search can still continue
   */
  advance(job: Job, timeLimit?: number): Promise<void>;
  /** Whether it has begun and not ended. */
  isPaused(): boolean;
  /** What has been found so far, of the algorithms that have begun. */
  front(job: Job): Promise<FrontFile>;
  /** Where the chosen algorithm is; nothing if another search can't continue from there. */
  checkpoint(): SearchCheckpoint | undefined;
}

/** What a front is searched for, with what. */
export interface FrontTask {
  readonly inputs: SearchInputs;
  readonly options: SearchOptions;
  /** Shown how the search stands, some times a second. */
  readonly watch?: WatchSearch;
  /** Where the chosen algorithm was left in a search of the same inputs and options. */
  readonly resume?: SearchCheckpoint;
  /** Whether the front is used for the plan that it recommends alone: neither schemes nor new images are looked at then. */
  readonly onlyRecommends?: boolean;
  /** Who shares it beyond this machine. */
  readonly workers?: SearchWorkers;
}

/** @throws AppError 'shape-mismatch' if the inputs contradict each other, 'usage' for bad options */
export function startFrontSearch({
  inputs,
  options,
  watch,
  resume,
  onlyRecommends = false,
  workers,
}: FrontTask): FrontSearch {
  const { sampleWeights } = inputs;
  const { classWeights } = options.useCase;
  checkMembers(inputs);
  checkTestable({ ...inputs, isWeighted: (sampleWeights ?? classWeights) !== undefined }, options);
  const spaces = searchSpaces(inputs, options);
  const [{ space }] = spaces;
  const chosen = searchAlgorithmById(options.algorithm);
  // Fronts compare with a front; against a single plan they'd say nothing.
  const isCompared = options.compare && options.goal !== "best";
  const others = isCompared ? searchAlgorithms.filter((algorithm) => algorithm.id !== chosen.id) : [];
  const whole: AlgorithmTask = { spaces, algorithm: chosen, options, watch, resume, workers };
  const frozen = onlyRecommends ? undefined : frozenTask(whole);
  const alternatives = others.map((algorithm) => ({ spaces, algorithm, options, watch }));
  // A guarantee tests plans on samples that had no part in finding them.
  const { useCase } = options;
  const isOfEnergies = useCase.axis === "energy";
  const split = hasConfidence(useCase) ? splitSpaces(spaces, seededRandom(options.seed)) : undefined;
  const design = split && {
    spaces: split.design,
    algorithm: chosen,
    options: { ...options, goal: "front" as const },
    workers,
  };
  const runs: Runs = { alternatives: [] };
  const steps: (() => AlgorithmRun)[] = [
    ...(frozen ? [() => (runs.frozen ??= startAlgorithm(frozen))] : []),
    () => (runs.whole ??= startAlgorithm({ ...whole, resume: resumeBehind(whole, runs.frozen) })),
    ...alternatives.map((task, index) => () => (runs.alternatives[index] ??= startAlgorithm(task))),
    ...(design ? [() => (runs.design ??= startAlgorithm(design))] : []),
  ];
  const begun = () =>
    [runs.frozen, runs.whole, ...runs.alternatives, runs.design].filter((run) => run !== undefined);
  const isPaused = () => {
    const own = begun();
    return own.length > 0 && (own.length < steps.length || !own.every((run) => run.hasEnded()));
  };

  async function advance(job: Job, timeLimit?: number): Promise<void> {
    for (const [index, start] of steps.entries()) {
      const run = start();
      await run.advance(partOfJob(job, index / steps.length, (index + 1) / steps.length), timeLimit);
      if (job.isTimeUp?.() && !run.hasEnded()) return;
    }
  }

  /** The search over all spaces; as long as that hasn't begun, its frozen part. */
  const chosenRun = () => runs.whole ?? runs.frozen!;
  const chosenResult = () =>
    wholeResult(runs.whole?.search.result(), runs.frozen?.search.result(), spaces, options.useCase);

  /** Nothing while there is no front to test. */
  async function controlled(plain: Recommendation, job: Job): Promise<ControlledChoice | undefined> {
    if (!hasConfidence(useCase) || !split || !runs.design) return undefined;
    return chooseControlled(spaces, split, runs.design.search.result().front, useCase, plain, job);
  }

  let estimated: DropBounds | undefined;

  /** The same for every front of this search. */
  async function dropBounds(job: Job): Promise<DropBounds | undefined> {
    if (onlyRecommends) return undefined;
    estimated ??= await estimateDropBounds(inputs, spaces, options, job);
    return estimated;
  }

  async function front(job: Job): Promise<FrontFile> {
    const result = chosenResult();
    const plain = await recommended(result.front, job);
    const choice = await controlled(plain, job);
    const reference = referencePoint(space);
    const bounds = await dropBounds(job);
    const dropOf = dropsOn(spaces, bounds, useCase);
    const charted = (point: FrontPoint) => ({ ...planRecord(spaces, point, useCase), drop: dropOf(point) });
    const chosenPlan = asRecommended(spaces, choice?.chosen ?? plain, dropOf);
    return {
      format: "offramp-front",
      version: 2,
      backboneSha256: inputs.backboneSha256,
      profile: inputs.profile.id,
      useCase,
      samples: space.samples,
      effectiveSamples: space.weights?.effectiveSamples,
      reference: {
        accuracy: reference.accuracy,
        latencyMs: reference.latencyMs,
        energyMillijoules: isOfEnergies ? referencePoint(onAxis(space, useCase)).latencyMs : undefined,
      },
      backbone: {
        accuracy: referenceAccuracy(space),
        latencyMs: inputs.profile.backbone.meanMs,
        energyMillijoules: inputs.profile.backbone.energyMillijoules,
      },
      searches: [chosenRun().record(charted, result), ...runs.alternatives.map((run) => run.record(charted))],
      frozen: runs.frozen && (await frozenFront(runs.frozen, charted, dropOf, job)),
      schemes: onlyRecommends ? [] : schemeRecords(inputs, options),
      recommended: chosenPlan,
      guarantee: choice && { ...choice.guarantee, plain: asRecommended(spaces, plain, dropOf) },
      dropBounds: bounds,
      safe: await safePlan(bounds, [...result.front, plain.point], dropOf, job),
      offload: inputs.offload && {
        profile: inputs.offload.server.id,
        server: inputs.offload.server.target,
        link: inputs.offload.link,
        images: inputs.offload.images,
        backboneMs: serverBackboneMs(inputs.offload),
        alone: chosenRun()
          .search.alone()
          .map((plan) => planRecord(spaces, plan, useCase)),
      },
    };
  }

  /** What the use case calls for, with refined thresholds if they are wanted. */
  async function recommended(found: readonly PlacedPlan[], job: Job): Promise<Recommendation> {
    const onGrid = recommendAcrossSpaces(spaces, found, useCase);
    // A person who stopped the search doesn't wait for more.
    return options.refine && !job.isTimeUp?.() ? refined(spaces, onGrid, useCase, job) : onGrid;
  }

  async function frozenFront(
    run: AlgorithmRun,
    charted: (point: FrontPoint) => ChartedPlan,
    dropOf: DropOf,
    job: Job,
  ): Promise<FrozenFront> {
    const { front: found } = run.search.result();
    const best = found.length > 0 ? await recommended(found, job) : undefined;
    return {
      ...run.record(charted),
      alone: networksAlone(spaces, useCase),
      recommended: best && asRecommended(spaces, best, dropOf),
    };
  }

  /** Where a guarantee is wanted, the plan that has it is the safe one. */
  async function safePlan(
    bounds: DropBounds | undefined,
    found: readonly PlacedPlan[],
    dropOf: DropOf,
    job: Job,
  ): Promise<FrontFile["safe"]> {
    if (!bounds || "none" in bounds || hasConfidence(useCase)) return undefined;
    const choice = await chooseSafe({ spaces, useCase, ...bounds }, found, job);
    if (!choice) return undefined;
    const { plan, samplesNeeded } = choice;
    const { confidence } = bounds;
    if (!plan) return { confidence, samplesNeeded };
    const chosen = recommendAcrossSpaces(spaces, [plan], useCase);
    return { confidence, plan: asRecommended(spaces, chosen, dropOf) };
  }

  return { advance, isPaused, front, checkpoint: () => (runs.whole ?? runs.frozen)?.checkpoint() };
}

/** What of a front search has begun. */
interface Runs {
  /** The chosen algorithm, without tuned networks if the project has some, and on all spaces. */
  frozen?: AlgorithmRun;
  whole?: AlgorithmRun;
  readonly alternatives: AlgorithmRun[];
  /** On the samples that a guarantee isn't tested on. */
  design?: AlgorithmRun;
}

/** The further networks that weren't tuned, each by itself on the device. */
function networksAlone(spaces: readonly DesignSpace[], useCase: UseCase): ChartedPlan[] {
  return spaces.flatMap(({ chain, partition, isTuned, space }) => {
    if (chain?.length !== 1 || partition || isTuned) return [];
    const figures = evaluatePlan(space, []);
    return [{ exits: [], chain, accuracy: figures.accuracy, ...statedCosts(figures, useCase) }];
  });
}

/** A plan's drop on new images; undefined where nothing can be said of it. */
type DropOf = (plan: PlacedPlan) => DropOutlook | undefined;

function dropsOn(spaces: readonly DesignSpace[], bounds: DropBounds | undefined, useCase: UseCase): DropOf {
  if (!bounds || "none" in bounds) return () => undefined;
  const evaluatorOf = oncePerSpace(createLiveEvaluator);
  return (plan) => {
    const { space } = spaceOfPlan(spaces, plan);
    const evaluator = evaluatorOf(space);
    evaluator.evaluate(plan.exits);
    return routedOutlook(plan, evaluator.routing.correct, space, { ...bounds, useCase });
  };
}

/** The plan with thresholds refined off the grid. */
async function refined(
  spaces: readonly DesignSpace[],
  { point }: Recommendation,
  useCase: UseCase,
  job: Job,
): Promise<Recommendation> {
  const { space } = spaceOfPlan(spaces, point);
  const exits = await refineThresholds(space, point.exits, useCase, { ...silentJob, pause: job.pause });
  return recommendAcrossSpaces(spaces, [{ ...point, exits }], useCase);
}

function asRecommended(
  spaces: readonly DesignSpace[],
  { point, figures, feasible, misses }: Recommendation,
  dropOf: DropOf,
): FrontFile["recommended"] {
  const on = spaceOfPlan(spaces, point);
  return {
    exits: toPlanExits(on.space, point.exits),
    figures,
    feasible,
    misses: [...misses],
    ...wayOf(point),
    throughput: spaces.some(({ partition }) => partition) ? targetThroughput(on, point.exits) : undefined,
    drop: dropOf(point),
  };
}

/** What device, link and server sustain together. */
function targetThroughput(on: DesignSpace, exits: readonly ThresholdedExit[]) {
  const { crossingRate, throughputs } = planFlow(on, exits);
  const [{ samplesPerSecond, bottleneck, loads }] = throughputs;
  return { samplesPerSecond, bottleneck, loads: [...loads], crossingRate };
}

/** Fixed schemes bring their own policies, so they see every table that the profile has latencies for. */
function schemeRecords(inputs: SearchInputs, options: SearchOptions): FrontFile["schemes"] {
  const space = evaluationSpace({ ...inputs, classWeights: options.useCase.classWeights });
  return fixedSchemes.map((scheme) => ({
    scheme: scheme.id,
    plans: scheme.plans(space).map(({ exits, figures }) => ({
      exits: toPlanExits(space, exits),
      accuracy: figures.accuracy,
      ...statedCosts(figures, options.useCase),
    })),
  }));
}
