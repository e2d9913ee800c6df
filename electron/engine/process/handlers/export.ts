import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { AppError } from "../../../../shared/base/errors.ts";
import type { Job } from "../../../../shared/base/job.ts";
import { samePlainData } from "../../../../shared/base/plain-data.ts";
import { deviceFront } from "../../../../shared/files/device-front.ts";
import type { FrontFile } from "../../../../shared/files/front-file.ts";
import type { Robustness } from "../../../../shared/files/robustness.ts";
import { guaranteeFor, isWeightedAlike } from "../../../../shared/files/searched-use-case.ts";
import type { FleetComparison } from "../../../../shared/fleet/compare-targets.ts";
import type { Channels, ExportResult } from "../../../../shared/ipc/channels.ts";
import { exitsKey, isSameChain, type Plan } from "../../../../shared/model/plan.ts";
import type { Profile } from "../../../../shared/model/profile.ts";
import { type TargetOptions, verifyOptionsSchema } from "../../../../shared/model/stage-options.ts";
import type { UseCase } from "../../../../shared/model/use-case.ts";
import { staleParts } from "../../../../shared/presentation/robustness/robustness-subject.ts";
import { checkWritable, writeOutputs } from "../../base/write-outputs.ts";
import type { OpenData } from "../../dataset/open/open-data.ts";
import type { ExportFormat } from "../../export/export-format.ts";
import { exportFormatById } from "../../export/index.ts";
import { modelRuns, verifyKind } from "../../fleet/kinds/verify-kind.ts";
import { doneHere } from "../../jobs/here.ts";
import type { JobRunner } from "../../jobs/job-kind.ts";
import { optionsHere } from "../../profile/target.ts";
import { type TrainedProject, trainedProject } from "../../project/project.ts";
import { renderReport } from "../../report/render-report.ts";
import { choiceInputs } from "../../search/search-inputs.ts";
import { compareFleet, projectFleet, searchLike } from "../../stages/compare-fleet.ts";
import { frontBeside } from "../../stages/compare-references.ts";
import { ensemblePlan, withEnsembleTables } from "../../stages/ensemble-plan.ts";
import {
  checkReplaceable,
  exportPlan,
  hasOwnReport,
  type NamedPlan,
  outdatedTargets,
  planFile,
  reportFile,
} from "../../stages/export-stage.ts";
import { judgePlan } from "../../stages/judge-plan.ts";
import { testImagesOf } from "../../stages/load-data.ts";
import { planImportance } from "../../stages/plan-importance.ts";
import { createStageRunner, type StageRunner } from "../../stages/stage-context.ts";
import { compareJudged, summarise } from "../../stages/summarise.ts";
import { expectedOf, type PlanInUse, verificationOfRuns } from "../../stages/verify-stage.ts";
import type { FleetLink } from "../fleet-link.ts";
import type { Handlers } from "../handler.ts";
import { withProjectData } from "../project-data.ts";
import type { Workspace } from "../workspace.ts";
import { profileById } from "./profile.ts";

/** Files that deploy a plan, and how they do when they are run. */
export function exportHandlers(
  workspace: Workspace,
  fleet: FleetLink,
): Pick<Handlers, "project.ensemble" | "project.export"> {
  return {
    "project.ensemble": ({ plan, target, classWeights }, call) =>
      workspace.exclusively("fitting exits to each other", () => {
        const project = trainedProject(workspace.project);
        const used = { project, profile: profileById(project, target), plan, classWeights };
        const stages = createStageRunner(workspace.cache, call.job);
        return withProjectData(project, workspace.cache, stages, (data) =>
          stages.run("calibrate", (context) => ensemblePlan(context, used, data)),
        );
      }),
    "project.export": (
      { folder, plan, target, useCase: wanted, formats: ids, points = [], report, verify, verifying, on },
      call,
    ) =>
      workspace.exclusively("an export", async () => {
        const started = performance.now();
        const project = trainedProject(workspace.project);
        const profile = profileById(project, target);
        const formats = [...new Set(ids)].map(exportFormatById);
        if (formats.length === 0)
          throw new AppError("usage", "no export format is chosen; choose at least one");
        const useCase = wanted ?? project.front?.useCase ?? { latency: "mean" };
        const front = plan.ensemble ? undefined : frontWith(project, profile, plan, useCase);
        if (report) checkReportable(project.front, plan, profile, useCase);
        if (verify && on) await checkWorker(fleet, on);
        await checkWritable(folder);
        await checkReplaceable(folder, formats, {
          source: workspace.modelPath ?? undefined,
          hasReport: report,
        });
        const stages = createStageRunner(workspace.cache, call.job);
        return writeOutputs(folder, async (draft, removeOld) => {
          await stages.run("export", () => exportPlan(project, plan, formats, draft, { points, profile }));
          for (const name of await outdatedTargets(folder, formats, draft)) removeOld(name);
          const files = [...formats.map((format) => format.target), planFile];
          const work = {
            project,
            profile,
            seen: { project, profile },
            plan,
            points,
            useCase,
            front,
            report,
            formats,
            draft,
            verifySeconds: verifyOptionsSchema.parse(verifying ?? {}).seconds,
            started,
            loading: call.job("load"),
            on,
          };
          const outcome = verify
            ? await verified(workspace, fleet, work, stages)
            : { ...notVerified, unverified: "verification was not asked for" };
          const isReported = report && outcome.verification !== null;
          if (isReported) files.push(reportFile);
          else if (await hasOwnReport(folder)) removeOld(reportFile);
          return { folder, files, ...withoutReport(outcome, report && !isReported) };
        });
      }),
  };
}

type Outcome = Pick<ExportResult, "verification" | "unverified" | "verifiedOn" | "points">;

const notVerified = { verification: null, verifiedOn: null, points: [] };

/** A worker of a fleet, by its name. */
type WorkerChoice = NonNullable<z.output<Channels["project.export"]["request"]>["on"]>;

interface Exported {
  readonly project: TrainedProject;
  readonly profile: Profile;
  /** Both as the plan's exits see them, which may answer as ensembles. */
  readonly seen: Pick<PlanInUse, "project" | "profile">;
  readonly plan: Plan;
  /** What the files can be run as, too. */
  readonly points: readonly NamedPlan[];
  /** By which it is judged. */
  readonly useCase: UseCase;
  /** What a report draws the plan beside; undefined where there can be none. */
  readonly front: FrontFile | undefined;
  readonly report: boolean;
  readonly formats: readonly ExportFormat[];
  /** Where the files are for now. */
  readonly draft: string;
  readonly verifySeconds: number;
  readonly started: number;
  readonly loading: Job;
  /** Who verifies it; this machine if absent. */
  readonly on: WorkerChoice | undefined;
}

function withoutReport(outcome: Outcome, isMissed: boolean): Outcome {
  if (!isMissed) return outcome;
  return {
    ...outcome,
    unverified: `${outcome.unverified}; a report shows measured figures, so there is none`,
  };
}

/**
 * @throws AppError 'usage' if a report would show the plan beside a front of another target, of samples that are weighted
 * otherwise, or of plans whose exits answer alone
 */
function checkReportable(
  front: FrontFile | null | undefined,
  { ensemble }: Plan,
  profile: Profile,
  useCase: UseCase,
): void {
  if (ensemble)
    throw new AppError(
      "usage",
      "a report shows the plan beside the front, whose plans have exits that answer alone; export without the report",
    );
  if (!front || front.profile !== profile.id)
    throw new AppError(
      "usage",
      "a report shows the plan beside the front of its target, which hasn't been searched yet; search first, or export without the report",
    );
  if (!isWeightedAlike(front.useCase, useCase))
    throw new AppError(
      "usage",
      "a report shows the plan beside the front, which was searched with other class weights; search again, or export without the report",
    );
}

/** The front of this target, with the plan in the place of the one that was recommended; undefined if there is none. */
function frontWith(
  project: TrainedProject,
  profile: Profile,
  plan: Plan,
  useCase: UseCase,
): FrontFile | undefined {
  const { front } = project;
  if (!front || front.profile !== profile.id || !isWeightedAlike(front.useCase, useCase)) return undefined;
  // The files run on one target, and so do the plans beside this one.
  const inputs = choiceInputs(project, profile);
  const beside = project.references.filter(({ target }) => target === profile.id);
  return {
    ...frontBeside(deviceFront(front), beside, inputs),
    recommended: judgePlan(project, profile, plan, useCase).recommended,
    guarantee: isRecommended(front, plan) ? guaranteeFor(front, useCase) : undefined,
  };
}

function isRecommended(front: FrontFile, plan: Plan): boolean {
  return isRouteOf(front.recommended, plan);
}

/** Verifies what was exported if data and machine allow it, and writes the report if one is wanted. */
async function verified(
  workspace: Workspace,
  fleet: FleetLink,
  exported: Exported,
  stages: StageRunner,
): Promise<Outcome> {
  const { on } = exported;
  try {
    const found = await withRunner(fleet, on, (runner) => verifyFiles(workspace, exported, runner, stages));
    return { ...found, unverified: null, verifiedOn: on?.worker ?? null };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "cancelled") throw error;
    return { ...notVerified, unverified: error.message };
  }
}

/** Finds out before any long work whether a worker is there. @throws AppError 'fleet-unavailable' */
async function checkWorker(link: FleetLink, { server, worker }: WorkerChoice): Promise<void> {
  const { checkThere } = await import("../../fleet/index.ts");
  await link.ask(server, (fleet) => checkThere(fleet, { worker }));
}

/** Has something done by a worker, or here. */
async function withRunner<Result>(
  link: FleetLink,
  on: WorkerChoice | undefined,
  use: (runner: JobRunner) => Promise<Result>,
): Promise<Result> {
  if (!on) return use(doneHere);
  const { doneBy } = await import("../../fleet/index.ts");
  return link.use(on.server, (fleet) => use(doneBy(fleet, { worker: on.worker })));
}

/** The exported plan on the test split, and then each of its points. */
async function verifyFiles(
  workspace: Workspace,
  exported: Exported,
  runner: JobRunner,
  stages: StageRunner,
): Promise<Pick<Outcome, "verification" | "points">> {
  const { formats, loading } = exported;
  const runnable = formats.find(({ isDeployable }) => isDeployable);
  if (!runnable)
    throw new AppError(
      "usage",
      `${formats.map(({ title }) => title).join(", ")}: holds no decisions that could be run; export another format too`,
    );
  const { provider, threads } = exported.profile.target;
  const target = exported.on ? { provider, threads } : await optionsHere(exported.profile);
  const run = { exported, file: join(exported.draft, runnable.target), target, runner, stages };
  if (exported.plan.ensemble)
    return withProjectData(exported.project, workspace.cache, stages, async (data) => {
      const seen = await stages.run("calibrate", (context) => withEnsembleTables(context, exported, data));
      return verifyAll({ ...run, exported: { ...exported, seen }, data });
    });
  return workspace.withData(loading, (data) => verifyAll({ ...run, data }));
}

async function verifyAll(run: VerifyingRun): Promise<Pick<Outcome, "verification" | "points">> {
  const verification = await verifyOwn(run);
  const points: Outcome["points"] = [];
  for (const { name, plan } of run.exported.points)
    points.push({ name, verification: compareRun(run, await runPlan(run, plan)) });
  return { verification, points };
}

/** Files that are verified, and where they run. */
interface VerifyingRun {
  readonly exported: Exported;
  readonly file: string;
  readonly data: OpenData;
  readonly target: TargetOptions;
  readonly runner: JobRunner;
  readonly stages: StageRunner;
}

/** Runs the files as one of the plans that they hold. */
async function runPlan({ exported, file, data, target, runner, stages }: VerifyingRun, plan: Plan) {
  const { project, seen, useCase, verifySeconds } = exported;
  const used = { ...seen, plan, classWeights: useCase.classWeights };
  const { test } = data.images;
  const subject = { project, path: file, test, testOf: testImagesOf(data), expected: expectedOf(used) };
  const options = { plan, target, seconds: verifySeconds };
  const { value } = await stages.run("verify", (context) =>
    runner.run(verifyKind, subject, options, context),
  );
  return { ...used, verification: verificationOfRuns(used, modelRuns(value)) };
}

/** What is said of a plan that stands beside no front. */
function compareRun({ exported, data }: VerifyingRun, ran: Awaited<ReturnType<typeof runPlan>>) {
  const { project, profile, seen, useCase } = exported;
  return compareJudged({ ...ran, data }, judgePlan(project, profile, ran.plan, useCase, seen), useCase);
}

/** The exported plan, beside its front where there is one; writes the report if one is wanted. */
async function verifyOwn(run: VerifyingRun): Promise<NonNullable<Outcome["verification"]>> {
  const { exported, data, target, stages } = run;
  const { project, profile, plan, useCase, draft, front } = exported;
  const ran = await runPlan(run, plan);
  if (!front) return compareRun(run, ran);
  const chosenBy = isSearchsChoice(project.front, plan, useCase) ? "search" : "person";
  const findings = { ...ran, project, data, target, front, chosenBy, useCase } as const;
  const wallSeconds = (performance.now() - exported.started) / 1000;
  const summary = summarise(findings, stages.seconds, wallSeconds);
  if (exported.report) {
    const { latenciesMs } = ran.verification;
    const members = project.members.map((member) => member.backbone.summary);
    const { summary: backbone } = project.backbone;
    const fleet = await fleetOf(exported, front, stages);
    const importance = planImportance(choiceInputs(project, profile), plan, useCase);
    const found = { importance, latenciesMs, fleet, robustness: robustnessOf(exported) };
    const report = { backbone, members, profile, front, summary, ...found };
    await writeFile(join(draft, reportFile), renderReport(report));
  }
  return summary;
}

/** What the plan did on corrupted images, if it was tried as it is, for this target and beside the project's front. */
function robustnessOf({ project, profile, plan }: Exported): Robustness | undefined {
  const { robustness, front } = project;
  if (!robustness || staleParts(robustness, { plan, target: profile.id, front }).length > 0) return undefined;
  return robustness;
}

/** Whether samples take the same ways. */
function isRouteOf(one: Pick<Plan, "exits" | "chain">, other: Plan): boolean {
  return isSameChain(one, other) && exitsKey(one) === exitsKey(other);
}

/** What becomes of plans on the project's other targets, if it has some. */
async function fleetOf(
  { project, useCase }: Exported,
  front: FrontFile,
  stages: StageRunner,
): Promise<FleetComparison | undefined> {
  const options = searchLike(front, useCase);
  const profiles = projectFleet(project, options.policies);
  if (!profiles) return undefined;
  return stages.run("search", (context) =>
    compareFleet(context, project, profiles, options).catch((error) => {
      // What was verified is reported all the same.
      if (!(error instanceof AppError) || error.code === "cancelled") throw error;
      context.job.warn?.(`the report says nothing of other targets: ${error.message}`);
      return undefined;
    }),
  );
}

/** Whether a search for this very use case has recommended the plan. */
function isSearchsChoice(front: FrontFile | null | undefined, plan: Plan, useCase: UseCase): boolean {
  return !!front && isRecommended(front, plan) && samePlainData(front.useCase, useCase);
}
