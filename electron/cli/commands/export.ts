import { type Command, InvalidArgumentError, Option } from "commander";
import { listNames, plainName } from "../../../shared/base/plain-name.ts";
import type { Plan } from "../../../shared/model/plan.ts";
import { chosenProfile } from "../../../shared/model/profile.ts";
import { describeEnsembled } from "../../../shared/presentation/words/describe-ensembled.ts";
import {
  describePartition,
  describeSharing,
  type PartedNetwork,
} from "../../../shared/presentation/words/describe-partition.ts";
import { describeChain } from "../../../shared/presentation/words/describe-plan.ts";
import { networkTitles } from "../../../shared/presentation/words/network-titles.ts";
import {
  checkReplaceable,
  createStageRunner,
  exportFormatById,
  exportFormats,
  exportPlan,
  hasOwnReport,
  type NamedPlan,
  networkNames,
  openProject,
  outdatedTargets,
  projectForPlan,
  reportFile,
  trainedProject,
  writeOutputs,
} from "../../engine/index.ts";
import { choosePlan } from "../choose-plan.ts";
import { ensembleOfPlan } from "../ensemble-of-plan.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function exportCommand(command: Command): void {
  const ids = exportFormats.map(({ id }) => id);
  const usual = exportFormats.filter(({ isOptional }) => !isOptional).map(({ id }) => id);
  command
    .command("export")
    .argument("<project>", ".offramp project")
    .description("write a plan as deployable files")
    .requiredOption("-o, --out <folder>", "where the files go")
    .option("--plan <file>", "plan.json made by `offramp search`; the project's own if absent")
    .option(
      "--point <name=file>",
      "a plan.json of the same exits with other thresholds, which the files can be switched to by this name; may be given several times",
      namedFile,
      [],
    )
    .option(
      "--ensemble",
      "let each exit answer for all exits up to it, by a geometric ensemble fitted to the calibration images",
    )
    .option("--data <path>", "where the project's data set lies now, for --ensemble")
    .addOption(new Option("--format <id...>", "what to write").choices(ids).default(usual))
    .action((path: string, _own: unknown, self: Command) => {
      const options = self.optsWithGlobals<
        CommonOptions & {
          out: string;
          plan?: string;
          point: readonly NamedFile[];
          format: string[];
          ensemble?: boolean;
          data?: string;
        }
      >();
      return runCommand(options, async ({ cache, progress, print }) => {
        const opened = trainedProject(await openProject(path, progress.job("import"), cache));
        const given = await choosePlan(opened, options.plan, path);
        const project = given.ensemble ? opened : await projectForPlan(opened, given);
        const stages = createStageRunner(cache, progress.job);
        const ensembled = options.ensemble
          ? await ensembleOfPlan(project, given, options.data, cache, stages)
          : undefined;
        const plan = ensembled?.plan ?? given;
        progress.job("export");
        const points: NamedPlan[] = [];
        for (const { name, file } of options.point)
          points.push({ name, plan: await choosePlan(opened, file, path) });
        const formats = options.format.map(exportFormatById);
        await checkReplaceable(options.out, formats, { hasReport: false });
        await writeOutputs(options.out, async (draft, removeOld) => {
          const profile = chosenProfile(project.profiles, project.design?.target ?? project.front?.profile);
          await exportPlan(project, plan, formats, draft, { points, profile });
          if (await hasOwnReport(options.out)) removeOld(reportFile);
          for (const name of await outdatedTargets(options.out, formats, draft)) removeOld(name);
        });
        progress.finish();
        const lines = formats.map(({ target, purpose }) => `${options.out}/${target}  ${purpose}`);
        if (plan.ensemble)
          lines.push(
            `each exit answers for all exits up to it; ${options.out}/plan.json says by which weights`,
          );
        if (ensembled) lines.push(describeEnsembled(ensembled));
        const networks = networkNames(project);
        const through = describeChain(plan, networkTitles(networks));
        if (plan.chain && plan.chain.length > 1)
          lines.push(
            `goes through ${through}: deployable files hold ${plan.chain.length} networks, training graphs one each`,
          );
        if (points.length > 0)
          lines.push(
            `can be switched to ${listNames(points.map(({ name }) => name))} without loading anything`,
          );
        if (plan.cut !== undefined) lines.push(...partitionNote(plan, networks));
        print({ folder: options.out, files: formats.map(({ target }) => target) }, lines);
      });
    });
}

interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** Parses a point's name and file, and adds it to those before. */
function namedFile(text: string, others: readonly NamedFile[]): NamedFile[] {
  const [, name, file] = /^([\w-]{1,60})=(.+)$/.exec(text) ?? [];
  if (!name) throw new InvalidArgumentError("expected NAME=FILE, such as fast=plan.json.");
  if (others.some((other) => other.name === name))
    throw new InvalidArgumentError(`${name} is given twice; give each point a name of its own.`);
  return [...others, { name, file }];
}

function partitionNote(plan: Plan, networks: readonly PartedNetwork[]): string[] {
  const titles = networkTitles(networks);
  const shared = describeSharing(plan, networks, titles);
  if (shared === undefined)
    return [
      `the plan is partitioned at ${plainName(plan.cut ?? "")} between device and server: staged models are split there, other files hold the whole network`,
    ];
  const where = describePartition(plan, networks, titles);
  return [
    `the plan is partitioned ${where}: staged models are split there, other files hold all networks`,
    shared,
  ];
}
