import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Profile } from "../../../shared/model/profile.ts";
import type { QuantiseOptions, SearchOptions, TargetOptions } from "../../../shared/model/stage-options.ts";
import { checkWritable, writeJson, writeOutputs } from "../base/write-outputs.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { singleFile } from "../export/single-file.ts";
import { staged } from "../export/staged.ts";
import type { Backbone } from "../onnx/backbone.ts";
import { checkProfileCovers, checkProfileMembers } from "../profile/check-profile.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { checkTarget, optionsHere } from "../profile/target.ts";
import { checkReferenceTarget } from "../profile/time-references.ts";
import { encodeProject } from "../project/project-archive.ts";
import { planOf } from "../project/project-plan.ts";
import { quantisable } from "../quantise/quantise-model.ts";
import { renderReport } from "../report/render-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { checkCrossFit } from "../search/check-cross-fit.ts";
import { checkTestable } from "../search/check-testable.ts";
import { chosenPlan } from "../search/cross-fit-of-plan.ts";
import { weightsByIndex } from "../search/read-weights.ts";
import { checkInt8Replaceable, compareInt8, hasOwnInt8, int8Folder, writeInt8 } from "./compare-quantised.ts";
import { frontBeside } from "./compare-references.ts";
import { exploreQuantised } from "./explore-quantised.ts";
import { checkReplaceable, exportPlan, reportFile } from "./export-stage.ts";
import { importBackbone } from "./import-stage.ts";
import { testImagesOf } from "./load-data.ts";
import { importMembers } from "./member-stage.ts";
import { exampleSize, profileNetworks } from "./profile-networks.ts";
import { warnOfPoorProfile } from "./profile-stage.ts";
import { quantiseOnce } from "./quantise-stage.ts";
import { importReferences, measureReferences } from "./reference-stage.ts";
import { projectSearch, searchProject } from "./search-project.ts";
import type { StageRunner } from "./stage-context.ts";
import { summarise } from "./summarise.ts";
import { TimeBudget } from "./time-budget/time-budget.ts";
import { type TrainRequest, trainProject } from "./train-project.ts";
import { verifyExport } from "./verify-stage.ts";
import { writeOffered } from "./write-offered.ts";

/** All that a run from model and data to verified files depends on. */
export interface RunRequest extends TrainRequest {
  readonly target: TargetOptions;
  readonly profileSeconds: number;
  readonly verifySeconds: number;
  /** How long the whole run may take: its stages then make do with less where they have to. */
  readonly timeBudgetSeconds?: number;
  /** A profile made elsewhere; this machine is profiled if absent. */
  readonly profile?: Profile;
  readonly search: SearchOptions;
  /** Static networks to compare the plan with, ONNX files. */
  readonly references?: readonly string[];
  /** How to quantise the backbone, if that is to be a static network beside the plan too. */
  readonly quantised?: QuantiseOptions;
  /** Whether exits are put into the quantised backbone as well. */
  readonly quantisedExits?: boolean;
  /** Weights of classes by name or number, for the search's use case. */
  readonly classWeights?: ReadonlyMap<string, number>;
  readonly outFolder: string;
}

const formats = [singleFile, staged];

/** A quantised network is made from images besides, all of whose tensors are looked at. */
const quantisedCost = 1.5;

function budgetOf(
  request: RunRequest,
  networks: readonly Backbone[],
  references: readonly Backbone[],
  started: number,
): TimeBudget | undefined {
  const { timeBudgetSeconds, quantised, profile } = request;
  if (timeBudgetSeconds === undefined) return undefined;
  const macs = references.reduce((sum, { summary }) => sum + summary.macs, 0);
  const rivalMacs = macs + (quantised ? quantisedCost * networks[0].summary.macs : 0);
  const wanted = { ...request, isProfiled: profile !== undefined, rivalMacs };
  return new TimeBudget(timeBudgetSeconds, networks, wanted, started);
}

/**
 * Every stage from import to verification; results land in the output folder all together or not at all.
 * @throws AppError of any stage
 */
export async function runPipeline(request: RunRequest, stages: StageRunner): Promise<ReportData> {
  const started = performance.now();
  const { target, outFolder } = request;
  checkTestable({ isWeighted: request.classWeights !== undefined }, request.search);
  checkCrossFit(request.search, request.splits);
  await checkTarget(target);
  await checkWritable(outFolder);
  await checkReplaceable(outFolder, formats, {
    source: request.modelPath,
    hasReport: true,
    hasOffered: true,
  });
  const backbone = await importBackbone(request, stages);
  const given = request.profile && profileOfModel(backbone.summary, request.profile);
  if (given) checkProfileCovers(backbone, request.heads, request.search.policies, given);
  const members = await importMembers(request.members, backbone, request.preprocess, stages);
  if (given) checkProfileMembers(members, given);
  const references = await importReferences(request.references, backbone, stages);
  if (request.quantised) {
    quantisable(backbone);
    await checkInt8Replaceable(outFolder);
  }
  if (given && request.quantisedExits) await optionsHere(given);
  if (given) for (const reference of references) await checkReferenceTarget(reference, given);
  const weigh = (classNames: readonly string[]) =>
    request.classWeights && weightsByIndex(request.classWeights, classNames);
  const checkData = ({ source }: OpenData) => weigh(source.classNames);
  const budget = budgetOf(
    request,
    [backbone, ...members.map((member) => member.backbone)],
    references,
    started,
  );
  const {
    project: trained,
    data,
    check,
  } = await trainProject(
    backbone,
    { ...request, policies: request.search.policies, checkData, budget },
    stages,
    members,
  );
  try {
    const seconds = budget && !given ? budget.settleProfile() : request.profileSeconds;
    const profile =
      given ??
      (await stages.run("profile", async (context) => {
        const imageSize = members.length > 0 ? await exampleSize(data) : undefined;
        return profileNetworks(context, trained, { target, seconds, imageSize });
      }));
    const useCase = { ...request.search.useCase, classWeights: weigh(trained.data.classNames) };
    const timeLimit = request.search.timeLimit ?? budget?.settleSearch();
    const search = projectSearch(trained, profile, { ...request.search, useCase, timeLimit });
    const quantised =
      request.quantised &&
      (await stages.run("quantise", (context) => quantiseOnce(context, backbone, data, request.quantised!)));
    const rivals = [...references, ...(quantised ? [quantised.quantised] : [])];
    const measured = await measureReferences(rivals, trained, data, profile, stages);
    const found = await stages.run("search", (context) => {
      if (given) warnOfPoorProfile(given, context.job);
      return searchProject(context, search);
    });
    const front = frontBeside(found.front, measured, search.inputs);
    const plan = planOf(trained, chosenPlan(front, front.recommended));
    const kept = { profiles: [profile], front: found.front, plans: [plan], references: measured };
    const project = { ...trained, ...kept };
    const explored =
      quantised && request.quantisedExits
        ? await stages.run("int8", (context) => {
            if (members.length > 0)
              context.job.warn?.("the int8 network is explored alone, without the members");
            return exploreQuantised(context, quantised.quantised, { project, data, front }, request);
          })
        : undefined;
    const int8 = quantised && { ...quantised, explored };
    return await writeOutputs(outFolder, async (draft, removeOld) => {
      await stages.run("export", async () => {
        await exportPlan(project, plan, formats, draft);
        await writeOffered(front, (offered) => planOf(trained, chosenPlan(front, offered)), draft, removeOld);
        await writeJson(draft, "front.json", front);
        await writeJson(draft, "profile.json", profile);
        await writeFile(join(draft, "project.offramp"), encodeProject(project));
        if (int8) await writeInt8(int8, formats, draft);
        else if (await hasOwnInt8(outFolder)) removeOld(int8Folder);
      });
      const file = join(draft, singleFile.target);
      const used = { project, profile, plan, classWeights: front.useCase.classWeights };
      const how = { target, seconds: budget?.settleVerification() ?? request.verifySeconds };
      const verification = await stages.run("verify", ({ job }) =>
        verifyExport(used, file, data.images.test, how, job, { testOf: testImagesOf(data) }),
      );
      const compared =
        int8 &&
        (await stages.run("compare", (context) =>
          compareInt8(context, int8, { used, verification }, draft, data.images.test, how),
        ));
      const wallSeconds = (performance.now() - started) / 1000;
      const chosenBy = "search" as const;
      const findings = {
        ...used,
        data,
        check,
        target,
        front,
        chosenBy,
        useCase: front.useCase,
        verification,
        compared,
        timeBudget: budget?.report(verification),
      };
      const summary = summarise(findings, stages.seconds, wallSeconds);
      const { latenciesMs } = verification;
      await writeJson(draft, "summary.json", summary);
      const others = trained.members.map((member) => member.backbone.summary);
      const reported = { backbone: backbone.summary, members: others, profile, front, summary, latenciesMs };
      await writeFile(join(draft, reportFile), renderReport(reported));
      return reported;
    });
  } finally {
    await data.source.close();
  }
}
