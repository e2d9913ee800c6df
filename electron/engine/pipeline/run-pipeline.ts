import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LatencyFigures, Plan, PlanFigures } from "../../../shared/domain/plan.ts";
import type { Profile } from "../../../shared/domain/profile.ts";
import type { Summary } from "../../../shared/domain/summary.ts";
import { evaluatePlan, routeSamples } from "../../../shared/evaluate/evaluate-plan.ts";
import { fromPlanExits } from "../../../shared/evaluate/plan-exits.ts";
import type { Job } from "../../../shared/job.ts";
import type { FrontFile } from "../../../shared/search/front-file.ts";
import type { SearchSpace } from "../../../shared/search/search-space.ts";
import type { StageCache } from "../cache.ts";
import type { Preprocess } from "../dataset/preprocess.ts";
import type { SplitOptions } from "../dataset/splits.ts";
import { assembleDesign } from "../export/design.ts";
import { singleFile } from "../export/single-file.ts";
import { staged } from "../export/staged.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { encodeModel } from "../onnx/codec.ts";
import { type ImportOptions, importModel } from "../onnx/import-model.ts";
import { exitPolicies } from "../policies/index.ts";
import { describeTarget, type TargetOptions } from "../profile/target.ts";
import { calibratedExits, type Project } from "../project/project.ts";
import { encodeProject } from "../project/project-archive.ts";
import { renderReport } from "../report/render-report.ts";
import type { TrainOptions } from "../train/train-head.ts";
import { openDeployed } from "../verify/deployed-network.ts";
import { shareInterval } from "../verify/intervals.ts";
import { predictedByPlan, type Verification, verifyModel } from "../verify/verify-model.ts";
import { type Calibration, calibrateHeads } from "./calibrate-stage.ts";
import { type LoadedData, loadData } from "./load-data.ts";
import { profileHeads } from "./profile-stage.ts";
import { type SearchInputs, type SearchOptions, searchFront, spaceOf } from "./search-stage.ts";
import type { StageName } from "./stage-context.ts";
import { featureRowLimit, type HeadChoice, trainHeads } from "./train-stage.ts";
import { checkWritable, writeOutputs } from "./write-outputs.ts";

/** All that a run from model and data to verified files depends on. */
export interface RunRequest {
  readonly modelPath: string;
  readonly importOptions: ImportOptions;
  readonly dataPath: string;
  readonly preprocess: Preprocess;
  readonly splits: SplitOptions;
  readonly heads: readonly HeadChoice[];
  readonly training: TrainOptions;
  readonly target: TargetOptions;
  readonly profileSeconds: number;
  /** A profile made elsewhere; this machine is profiled if absent. */
  readonly profile?: Profile;
  readonly search: SearchOptions;
  readonly outFolder: string;
}

/** Gives each stage its own job. */
export type StageJobs = (stage: StageName) => Job;

/**
 * Every stage from import to verification; results land in the output folder all together or not at all.
 * @throws AppError of any stage
 */
export async function runPipeline(request: RunRequest, cache: StageCache, jobs: StageJobs): Promise<Summary> {
  const started = performance.now();
  const stageSeconds: Record<string, number> = {};
  const stage = async <Result>(name: StageName, run: (job: Job) => Promise<Result>): Promise<Result> => {
    const start = performance.now();
    const job = jobs(name);
    const result = await run(job);
    job.report(1, 1);
    stageSeconds[name] = (performance.now() - start) / 1000;
    return result;
  };
  await checkWritable(request.outFolder);
  const backbone = await stage("import", (job) => importModel(request.modelPath, request.importOptions, job));
  const splits = { ...request.splits, trainLimit: trainLimit(request, backbone) };
  const data = await stage("load", (job) =>
    loadData(request.dataPath, backbone.summary, request.preprocess, splits, job),
  );
  try {
    const heads = await stage("train", (job) =>
      trainHeads({ cache, job }, backbone, data, request.heads, request.training),
    );
    const profile =
      request.profile ??
      (await stage("profile", (job) =>
        profileHeads({ cache, job }, backbone, heads, request.target, request.profileSeconds),
      ));
    const calibration = await stage("calibrate", (job) =>
      calibrateHeads({ cache, job }, backbone, heads, data),
    );
    const inputs: SearchInputs = {
      backboneSha256: backbone.summary.sha256,
      exits: calibratedExits(backbone, heads),
      tables: calibration.tables.calibration,
      profile,
      backboneMacs: backbone.summary.macs,
      backboneBytes: backbone.summary.parameterBytes,
    };
    const front = await stage("search", (job) => searchFront({ cache, job }, inputs, request.search));
    const plan = recommendedPlan(front);
    const project = assembleProject(request, backbone, data, heads, calibration, profile, front, plan);
    return await writeOutputs(request.outFolder, async (draft) => {
      await stage("export", () => exportAll(project, plan, profile, front, draft));
      const verification = await stage("verify", (job) =>
        verifyDraft(request, project, inputs, plan, data, draft, job),
      );
      const wallSeconds = (performance.now() - started) / 1000;
      const summary = summarise({
        request,
        project,
        data,
        inputs,
        front,
        plan,
        verification,
        stageSeconds,
        wallSeconds,
      });
      const { latenciesMs } = verification;
      await writeJson(draft, "summary.json", summary);
      await writeFile(
        join(draft, "report.html"),
        renderReport({ backbone: backbone.summary, profile, front, summary, latenciesMs }),
      );
      return summary;
    });
  } finally {
    await data.source.close();
  }
}

function trainLimit({ splits, heads }: RunRequest, backbone: Backbone): number {
  return Math.min(splits.trainLimit ?? Number.POSITIVE_INFINITY, featureRowLimit(backbone, heads));
}

function recommendedPlan({ backboneSha256, recommended }: FrontFile): Plan {
  return { format: "offramp-plan", version: 1, backboneSha256, exits: recommended.exits };
}

function assembleProject(
  request: RunRequest,
  backbone: Backbone,
  { source }: LoadedData,
  heads: Project["heads"],
  calibration: Calibration,
  profile: Profile,
  front: FrontFile,
  plan: Plan,
): Project {
  return {
    backbone,
    preprocess: request.preprocess,
    data: {
      path: source.path,
      format: source.format,
      classNames: [...source.classNames],
      splitOptions: { ...request.splits, trainLimit: trainLimit(request, backbone) },
    },
    heads,
    ...calibration,
    profiles: [profile],
    front,
    plans: [plan],
  };
}

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
}

async function exportAll(
  project: Project,
  plan: Plan,
  profile: Profile,
  front: FrontFile,
  draft: string,
): Promise<void> {
  const { backbone, heads, temperatures } = project;
  const calibrated = heads.map((head, index) => ({ head, temperature: temperatures[index] }));
  const design = assembleDesign(backbone, calibrated, temperatures[heads.length], plan);
  for (const format of [singleFile, staged]) await format.write(design, draft);
  await writeJson(draft, "plan.json", plan);
  await writeJson(draft, "front.json", front);
  await writeJson(draft, "profile.json", profile);
  await writeFile(join(draft, "project.offramp"), encodeProject(project));
}

async function verifyDraft(
  request: RunRequest,
  project: Project,
  inputs: SearchInputs,
  plan: Plan,
  data: LoadedData,
  draft: string,
  job: Job,
): Promise<Verification> {
  const { backbone } = project;
  const deployed = await openDeployed(
    join(draft, singleFile.target),
    backbone.summary.input.name,
    request.target,
  );
  try {
    return await verifyModel(
      {
        backbone: backbone.summary,
        backboneFile: encodeModel(backbone.proto),
        deployed,
        test: data.images.test,
        plan,
        expected: expectedDecisions(project, inputs, plan, request.search),
      },
      request.target,
      job,
    );
  } finally {
    await deployed.release();
  }
}

/** The space of the test split under all policies: only for reporting, never for a choice. */
function testSpace(project: Project, inputs: SearchInputs, search: SearchOptions): SearchSpace {
  return spaceOf(
    inputs,
    project.tables.test,
    exitPolicies.map(({ id }) => id),
    search,
  );
}

/** The exit and class that the test split's table gives each sample under a plan. */
export function expectedDecisions(project: Project, inputs: SearchInputs, plan: Plan, search: SearchOptions) {
  const space = testSpace(project, inputs, search);
  const { exit } = routeSamples(space, fromPlanExits(space, plan.exits));
  const rows = plan.exits.map(({ cutPoint, head }) =>
    project.heads.findIndex((own) => own.cutPoint === cutPoint && own.kind === head),
  );
  const [table] = project.tables.test.values();
  return { exit, predicted: predictedByPlan(table, [...rows, project.heads.length], exit) };
}

interface Findings {
  readonly request: RunRequest;
  readonly project: Project;
  readonly data: LoadedData;
  readonly inputs: SearchInputs;
  readonly front: FrontFile;
  readonly plan: Plan;
  readonly verification: Verification;
  readonly stageSeconds: Record<string, number>;
  readonly wallSeconds: number;
}

function summarise(findings: Findings): Summary {
  const { request, project, data, inputs, front, plan, verification, stageSeconds, wallSeconds } = findings;
  const { summary: model } = project.backbone;
  const space = testSpace(project, inputs, request.search);
  const predicted = evaluatePlan(space, fromPlanExits(space, plan.exits));
  const { recommended } = front;
  const { profile } = inputs;
  const [search] = front.searches;
  const measured = verification.plan;
  const images = Object.values(data.images);
  const drift = verification.backbone.latencyMs.mean / profile.backbone.medianMs;
  const profiled = predictedFigures(predicted, space.samples);
  const paced = { ...profiled, latencyMs: scaleLatencies(profiled.latencyMs, drift) };
  return {
    format: "offramp-summary",
    version: 1,
    model: {
      name: model.name,
      sha256: model.sha256,
      macs: model.macs,
      parameters: model.parameters,
      cutPoints: model.cutPoints.length,
    },
    data: {
      path: data.source.path,
      format: data.source.format,
      classes: data.source.classNames.length,
      samples: {
        train: data.images.train.count,
        calibration: data.images.calibration.count,
        test: data.images.test.count,
      },
      unreadable: images.flatMap(({ unreadable }) => [...unreadable.keys()]),
    },
    target: describeTarget(request.target),
    useCase: request.search.useCase,
    backbone: mutable(verification.backbone),
    plan: {
      exits: plan.exits.map((exit, index) => ({ ...exit, rate: measured.exitRates[index] })),
      predicted: paced,
      profiled,
      measured: mutable(measured),
      calibration: predictedFigures(recommended.figures, front.samples),
      exitRates: { predicted: predicted.exitRates, measured: [...measured.exitRates] },
      macs: predicted.macs,
      bytes: predicted.bytes,
      feasible: recommended.feasible,
      misses: recommended.misses,
    },
    speedup: verification.backbone.latencyMs.mean / measured.latencyMs.mean,
    speedupP50: verification.backbone.latencyMs.p50 / measured.latencyMs.p50,
    speedupPredicted: profile.backbone.medianMs / predicted.latencyMs.mean,
    accuracyDropPp: verification.accuracyDropPp,
    accuracyDropHalfWidthPp: verification.accuracyDropHalfWidthPp,
    latencyErrorPct: 100 * (paced.latencyMs.mean / measured.latencyMs.mean - 1),
    machineDriftPct: 100 * (drift - 1),
    decisionAgreement: verification.decisionAgreement,
    search: {
      algorithm: search.algorithm,
      proven: search.proven,
      evaluations: search.evaluations,
      seconds: search.seconds,
      hypervolume: search.hypervolume,
    },
    outputs: [...project.outputs],
    stageSeconds,
    wallSeconds,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

function mutable({ accuracy, accuracyInterval: [low, high], latencyMs }: Verification["backbone"]) {
  return { accuracy, accuracyInterval: [low, high] as [number, number], latencyMs };
}

function scaleLatencies({ mean, p50, p95, worst }: LatencyFigures, by: number): LatencyFigures {
  return { mean: mean * by, p50: p50 * by, p95: p95 * by, worst: worst * by };
}

function predictedFigures({ accuracy, latencyMs }: PlanFigures, samples: number) {
  return { accuracy, accuracyInterval: shareInterval(accuracy * samples, samples), latencyMs };
}
