import type { Command } from "commander";
import { formatEnergy, formatEnergyRange } from "../../../shared/base/format-number.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Guarantee } from "../../../shared/guarantee/guarantee.ts";
import type { CrossFit } from "../../../shared/model/cross-fit.ts";
import { exitsKey, isSameChain, type Plan } from "../../../shared/model/plan.ts";
import { statementLine } from "../../../shared/model/statement.ts";
import { networksOnTheWay } from "../../../shared/presentation/verdict/answering-networks.ts";
import { type Measured, profiledPlan, verdict } from "../../../shared/presentation/verdict/verdict.ts";
import { estimateWords, onChosenImages } from "../../../shared/presentation/words/describe-cross-fit.ts";
import {
  claimsOf,
  createStageRunner,
  expectedOf,
  networkNames,
  openProject,
  type Prediction,
  type Project,
  projectForPlan,
  testImagesOf,
  trainedProject,
  trustOfTables,
  type Verification,
  weightsByIndex,
  withEnsembleTables,
} from "../../engine/index.ts";
import { choosePlan } from "../choose-plan.ts";
import { chooseProfile } from "../choose-profile.ts";
import { factor, interval, latencies, percent, points, samplesRun, spread, within } from "../format.ts";
import { loadDataAt } from "../load-data-at.ts";
import {
  addClassesOption,
  addClassWeights,
  addTargetOptions,
  addVerifyOptions,
  classWeights,
  targetOptions,
  verifyOptions,
} from "../options.ts";
import { addServerOptions, checkWorkers, fleetNames } from "../server-options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";
import { checkCount, describeHalves, runHalves, runWhole } from "../verify-on.ts";

export function verifyCommand(command: Command): void {
  const verify = command
    .command("verify")
    .argument("<export>", "model.onnx, or the staged folder")
    .description(
      "run exported files on the test split beside the plain backbone, here or on a worker of a fleet",
    )
    .requiredOption("--project <file>", ".offramp project that the export was made from")
    .requiredOption("--data <path>", "the data set that the project was made with")
    .option("--plan <file>", "plan.json that was exported; the project's own if absent")
    .option("--profile <file>", "profile to predict with; the project's own if absent")
    .option(
      "--on <workers>",
      "run them on this worker instead; on two, device,server, the halves of a staged folder whose plan is partitioned",
      fleetNames,
    )
    .option(
      "--server-profile <file>",
      "the server's profile, to predict with; among the project's own if absent",
    );
  addServerOptions(verify);
  addTargetOptions(verify);
  addVerifyOptions(verify);
  addClassesOption(verify);
  addClassWeights(verify);
  verify.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, string | undefined>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const workers = (options.on ?? []) as string[];
      checkCount(workers, options.serverProfile);
      if (workers.length > 0) await checkWorkers(options, workers);
      const projectPath = options.project!;
      const opened = trainedProject(await openProject(projectPath, progress.job("import"), cache));
      const plan = await choosePlan(opened, options.plan, projectPath);
      const project = plan.ensemble ? opened : await projectForPlan(opened, plan);
      const profile = await chooseProfile(project, options.profile, projectPath);
      const named = await classWeights(options);
      const given = {
        project,
        profile,
        plan,
        classWeights: named && weightsByIndex(named, project.data.classNames),
      };
      const stages = createStageRunner(cache, progress.job);
      const data = await loadDataAt(options.data!, project, { options, stages, progress });
      try {
        const used = plan.ensemble
          ? await stages.run("calibrate", (context) => withEnsembleTables(context, given, data))
          : given;
        const { energySensor, ...target } = targetOptions(options);
        const how = { ...verifyOptions(options), target, energySensor };
        const subject = {
          project,
          path,
          test: data.images.test,
          testOf: testImagesOf(data),
          expected: expectedOf(used),
        };
        const ran =
          workers.length === 2
            ? await runHalves(options, { used, subject, workers, how }, stages)
            : await runWhole(options, { used, subject, how }, stages);
        const { verification, prediction, link } = ran;
        progress.finish();
        const { latenciesMs: _latenciesMs, places: _places, ...figures } = verification;
        const { measured: claimed, ...claims } = claimsOf(used, verification);
        const guarantee = guaranteeOf(project, plan);
        const trust = trustOfTables(project.tables, project.data.trainTrust);
        const said = verdict({
          exits: plan.exits.length,
          through: networksOnTheWay(plan, networkNames(project)),
          measured: { ...measuredOf(verification, prediction), ...claims },
          guarantee,
          crossFit: claims.crossFit,
          trust,
          profile: profiledPlan(
            { ...plan, figures: prediction.profiled },
            used.profile,
            networkNames(project),
          ),
        });
        const plain = { ...figures, plan: claimed, ...claims };
        print({ ...plain, link, prediction, guarantee, trust, verdict: said }, [
          ...describe({ ...verification, ...claims }, prediction),
          ...describeHalves(ran),
          ...said.map(statementLine),
        ]);
      } finally {
        await data.source.close();
      }
    });
  });
}

/** What the project's own search guarantees of the plan, if it is the one that it tested. */
function guaranteeOf({ front }: Project, plan: Plan): Guarantee | undefined {
  const isRecommended =
    front && isSameChain(plan, front.recommended) && exitsKey(plan) === exitsKey(front.recommended);
  return isRecommended ? front.guarantee : undefined;
}

function measuredOf(verification: Verification, prediction: Prediction): Measured {
  const { plan, speedup } = verification;
  const { predicted, profiled } = prediction;
  return {
    ...verification,
    ...prediction,
    figures: {
      ...predicted,
      ...plan,
      energyMillijoules: plan.energyMillijoules,
      exitRates: [...plan.exitRates],
    },
    speedup,
    verification: { ...verification, ...prediction },
    profiledMeanMs: profiled.latencyMs.mean,
  };
}

/** Measured energies beside the predicted one; why there are none where one was predicted. */
function energyLines(
  { backbone, plan, energySensor }: Pick<Verification, "backbone" | "plan" | "energySensor">,
  predicted: Prediction["predicted"],
  errorPct: number | undefined,
): string[] {
  const stated = ({
    energyMillijoules: energy,
    energyIntervalMillijoules: bounds,
  }: Verification["backbone"]) =>
    energy === undefined
      ? "not measured"
      : formatEnergy(energy) + (bounds ? ` (${formatEnergyRange(bounds)})` : "");
  const expected = predicted.energyMillijoules;
  if (plan.energyMillijoules === undefined) {
    if (expected === undefined || !("none" in energySensor)) return [];
    return [`energy     predicted ${formatEnergy(expected)}, not measured: ${plainName(energySensor.none)}`];
  }
  const error = errorPct === undefined ? "" : `, off by ${errorPct.toFixed(1)} %`;
  return [
    `energy     backbone ${stated(backbone)}, predicted ${expected === undefined ? "nothing" : formatEnergy(expected)}, measured ${stated(plan)}${error}`,
  ];
}

function describe(
  { backbone, plan, crossFit, energySensor, ...rest }: Verification & { readonly crossFit?: CrossFit },
  { predicted, speedup, ...errors }: Prediction,
): string[] {
  const chosenOn = crossFit ? ` (${onChosenImages})` : "";
  const rates = (values: readonly number[]) => values.map((rate) => percent(rate)).join(", ");
  return [
    `backbone   ${percent(backbone.accuracy, 2)} ${interval(backbone.accuracyInterval)}, ${latencies(backbone.latencyMs)}`,
    `predicted  ${percent(predicted.accuracy, 2)}${chosenOn}, ${latencies(predicted.latencyMs)}`,
    `measured   ${percent(plan.accuracy, 2)}${crossFit ? chosenOn : ` ${interval(plan.accuracyInterval)}`}, ${latencies(plan.latencyMs)}`,
    `exit rates predicted ${rates(predicted.exitRates)}; measured ${rates(plan.exitRates)}`,
    `speed-up   predicted ${factor(speedup)}, measured ${factor(rest.speedup)}${spread(rest.speedupInterval)}${within(errors.isSpeedupWithin)}`,
    `mean latency off by ${errors.latencyErrorPct.toFixed(1)} %${within(errors.isMeanWithin)}`,
    ...energyLines({ backbone, plan, energySensor }, predicted, errors.energyErrorPct),
    `accuracy drop ${points(rest.accuracyDropPp, rest.accuracyDropHalfWidthPp)}${crossFit ? ` ${estimateWords(crossFit)}` : ""}; decisions agree on ${percent(rest.decisionAgreement, 2)} of ${samplesRun(rest)}`,
  ];
}
