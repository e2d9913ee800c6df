import type { Command } from "commander";
import { AppError } from "../../../shared/base/errors.ts";
import { planText } from "../../../shared/files/plan-file.ts";
import { type Plan, wayOf } from "../../../shared/model/plan.ts";
import { fieldStatements } from "../../../shared/presentation/words/describe-field.ts";
import { namedByTensor } from "../../../shared/presentation/words/describe-plan.ts";
import { networkTitles } from "../../../shared/presentation/words/network-titles.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  choiceInputs,
  countedPlan,
  monitorProject,
  networkNames,
  openProject,
  planOf,
  projectOfCounts,
  readFieldCounts,
  type TrainedProject,
  trainedProject,
  weightsByIndex,
  writableFile,
} from "../../engine/index.ts";
import { chooseOffload } from "../choose-offload.ts";
import { chooseProfile } from "../choose-profile.ts";
import { describeField } from "../describe-field.ts";
import { addClassWeights, addOffloadOptions, classWeights, offloadOptions } from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

interface MonitorOptions extends CommonOptions {
  readonly project: string;
  readonly point?: string;
  readonly profile?: string;
  readonly out?: string;
}

export function monitorCommand(command: Command): void {
  const monitor = command
    .command("monitor")
    .argument("<counts>", "counts that a runner kept in the field, `run.py --counts counts.json`")
    .description("say whether the field is like calibration, and choose thresholds for it without labels")
    .requiredOption("--project <file>", ".offramp project that the export was made from")
    .option("--point <name>", "operating point to look at; the plan's own thresholds if absent")
    .option("--profile <file>", "profile of the target in the field; the project's own if absent")
    .option(
      "-o, --out <file>",
      "write the plan with new thresholds here: a plan.json for `offramp export --plan`",
    );
  addClassWeights(addOffloadOptions(monitor));
  monitor.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<MonitorOptions>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const out = options.out === undefined ? undefined : await writableFile(options.out, path);
      const counts = await readFieldCounts(path);
      const opened = trainedProject(await openProject(options.project, progress.job("import"), cache));
      const project = await projectOfCounts(opened, counts);
      const chosen = { counts, point: options.point };
      const plan = countedPlan(chosen);
      const report = await monitorProject(await known(project, options), chosen, progress.job("search"));
      if (out !== undefined)
        await writeFileAtomically(out, planText(newPlan(project, plan, report.refitted)));
      progress.finish();
      const titles = networkTitles(networkNames(project));
      const said = fieldStatements(report, { plan, places: namedByTensor(titles) });
      print({ ...report, verdict: said }, [
        ...describeField(report, plan, titles, said),
        ...(out === undefined ? [] : ["", `wrote ${out}`]),
      ]);
    });
  });
}

async function known(project: TrainedProject, options: MonitorOptions) {
  const profile = await chooseProfile(project, options.profile, options.project);
  const offload = await chooseOffload(project, offloadOptions({ ...options }));
  const named = await classWeights({ ...options });
  return {
    project,
    inputs: { ...choiceInputs(project, profile), offload },
    classWeights: named && weightsByIndex(named, project.data.classNames),
  };
}

/** @throws AppError 'infeasible' if no thresholds were chosen */
function newPlan(project: TrainedProject, plan: Plan, refitted: Pick<Plan, "exits"> | undefined): Plan {
  if (refitted) return planOf(project, { exits: refitted.exits, ...wayOf(plan) });
  throw new AppError(
    "infeasible",
    "too few calibration samples are like the field to choose thresholds on; leave out -o to see how it differs, or calibrate on labelled images from there",
  );
}
