import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Profile } from "../../../shared/model/profile.ts";
import type { QuantiseOptions, SearchOptions, TargetOptions } from "../../../shared/model/stage-options.ts";
import { checkWritable, writeJson, writeOutputs } from "../base/write-outputs.ts";
import type { OpenData } from "../dataset/open/open-data.ts";
import { singleFile } from "../export/single-file.ts";
import { staged } from "../export/staged.ts";
import { checkProfileCovers } from "../profile/check-profile.ts";
import { profileOfModel } from "../profile/profile-of-model.ts";
import { checkTarget } from "../profile/target.ts";
import { checkReferenceTarget } from "../profile/time-references.ts";
import { encodeProject } from "../project/project-archive.ts";
import { planOf } from "../project/project-plan.ts";
import { quantisable } from "../quantise/quantise-model.ts";
import { renderReport } from "../report/render-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { checkTestable } from "../search/check-testable.ts";
import { weightsByIndex } from "../search/read-weights.ts";
import { searchInputs } from "../search/search-inputs.ts";
import { frontBeside } from "./compare-references.ts";
import { checkReplaceable, exportPlan, reportFile } from "./export-stage.ts";
import { importBackbone } from "./import-stage.ts";
import { profileHeads } from "./profile-stage.ts";
import { quantisedRivals } from "./quantise-stage.ts";
import { importReferences, measureReferences } from "./reference-stage.ts";
import { searchFront } from "./search-stage.ts";
import type { StageRunner } from "./stage-context.ts";
import { summarise } from "./summarise.ts";
import { type TrainRequest, trainProject } from "./train-project.ts";
import { verifyExport } from "./verify-stage.ts";

/** All that a run from model and data to verified files depends on. */
export interface RunRequest extends TrainRequest {
  readonly target: TargetOptions;
  readonly profileSeconds: number;
  /** A profile made elsewhere; this machine is profiled if absent. */
  readonly profile?: Profile;
  readonly search: SearchOptions;
  /** Static networks to compare the plan with, ONNX files. */
  readonly references?: readonly string[];
  /** How to quantise the backbone, if that is to be a static network beside the plan too. */
  readonly quantised?: QuantiseOptions;
  /** Weights of classes by name or number, for the search's use case. */
  readonly classWeights?: ReadonlyMap<string, number>;
  readonly outFolder: string;
}

const formats = [singleFile, staged];

/**
 * Every stage from import to verification; results land in the output folder all together or not at all.
 * @throws AppError of any stage
 */
export async function runPipeline(request: RunRequest, stages: StageRunner): Promise<ReportData> {
  const started = performance.now();
  const { target, outFolder } = request;
  checkTestable({ isWeighted: request.classWeights !== undefined }, request.search);
  await checkTarget(target);
  await checkWritable(outFolder);
  await checkReplaceable(outFolder, formats, { source: request.modelPath, hasReport: true });
  const backbone = await importBackbone(request, stages);
  const given = request.profile && profileOfModel(backbone.summary, request.profile);
  if (given) checkProfileCovers(backbone, request.heads, request.search.policies, given);
  const references = await importReferences(request.references, backbone, stages);
  if (request.quantised) quantisable(backbone);
  if (given) for (const reference of references) await checkReferenceTarget(reference, given);
  const weigh = (classNames: readonly string[]) =>
    request.classWeights && weightsByIndex(request.classWeights, classNames);
  const checkData = ({ source }: OpenData) => weigh(source.classNames);
  const {
    project: trained,
    data,
    check,
  } = await trainProject(backbone, { ...request, policies: request.search.policies, checkData }, stages);
  try {
    const { heads } = trained;
    const profile =
      given ??
      (await stages.run("profile", (context) =>
        profileHeads(context, backbone, heads, target, request.profileSeconds),
      ));
    const inputs = searchInputs(trained, "calibration", profile);
    const useCase = { ...request.search.useCase, classWeights: weigh(trained.data.classNames) };
    const options = { ...request.search, useCase };
    const rivals = [...references, ...(await quantisedRivals(backbone, data, request.quantised, stages))];
    const measured = await measureReferences(rivals, trained, data, profile, stages);
    const found = await stages.run("search", (context) => searchFront(context, { inputs, options }));
    const front = frontBeside(found.front, measured, inputs);
    const plan = planOf(trained, front.recommended);
    const kept = { profiles: [profile], front: found.front, plans: [plan], references: measured };
    const project = { ...trained, ...kept };
    return await writeOutputs(outFolder, async (draft) => {
      await stages.run("export", async () => {
        await exportPlan(project, plan, formats, draft);
        await writeJson(draft, "front.json", front);
        await writeJson(draft, "profile.json", profile);
        await writeFile(join(draft, "project.offramp"), encodeProject(project));
      });
      const file = join(draft, singleFile.target);
      const used = { project, profile, plan, classWeights: front.useCase.classWeights };
      const verification = await stages.run("verify", ({ job }) =>
        verifyExport(used, file, data.images.test, target, job),
      );
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
      };
      const summary = summarise(findings, stages.seconds, wallSeconds);
      const { latenciesMs } = verification;
      await writeJson(draft, "summary.json", summary);
      const reported = { backbone: backbone.summary, profile, front, summary, latenciesMs };
      await writeFile(join(draft, reportFile), renderReport(reported));
      return reported;
    });
  } finally {
    await data.source.close();
  }
}
