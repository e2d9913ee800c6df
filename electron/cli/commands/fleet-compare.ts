import type { Command } from "commander";
import type { FleetComparison } from "../../../shared/fleet/compare-targets.ts";
import { statementLine } from "../../../shared/model/statement.ts";
import { palette } from "../../../shared/presentation/drawing/palette.ts";
import { svgFile } from "../../../shared/presentation/drawing/svg.ts";
import { fleetMatrix } from "../../../shared/presentation/fleet/fleet-matrix.ts";
import { fleetStatements } from "../../../shared/presentation/fleet/fleet-statements.ts";
import {
  plansTable,
  rankingsTable,
  type TextTable,
  targetLetter,
  targetsTable,
  transfersTable,
} from "../../../shared/presentation/fleet/fleet-table.ts";
import { networkTitles } from "../../../shared/presentation/words/network-titles.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  addProjectPolicies,
  compareFleet,
  createStageRunner,
  type FleetProfile,
  networkNames,
  openProject,
  readProfile,
  type TrainedProject,
  trainedProject,
  weightsByIndex,
  writableFile,
} from "../../engine/index.ts";
import { table } from "../format.ts";
import {
  addOffloadOptions,
  addSearchOfEach,
  classWeights,
  offloadOptions,
  policyChoices,
  searchOptions,
  seedOption,
} from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

const pictureWidthPx = 760;

interface CompareOptions extends CommonOptions, Record<string, unknown> {
  readonly profile: readonly string[];
  readonly out?: string;
}

/** Does the ranking of exits and plans survive the change of device? */
export function fleetCompareCommand(fleet: Command): void {
  const compare = fleet
    .command("compare")
    .argument("<project>", ".offramp project")
    .description("what the plan that is best on one target loses on another, and whether rankings survive")
    .option(
      "--profile <file>",
      "profile of a target, once for each; the project's own if absent",
      (path: string, others: readonly string[]) => [...others, path],
      [],
    )
    .addOption(seedOption("seed of the heuristic algorithms"))
    .option("-o, --out <file>", "write the picture here: an SVG");
  addOffloadOptions(compare);
  addSearchOfEach(compare);
  compare.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CompareOptions>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const stated = searchOptions(options);
      const second = offloadOptions(options);
      const out = options.out === undefined ? undefined : await writableFile(options.out, path);
      const opened = trainedProject(await openProject(path, progress.job("import"), cache));
      const project = await addProjectPolicies(opened, policyChoices(options), progress.job("calibrate"));
      const profiles = await profilesOf(project, options.profile, path);
      const server = second && {
        name: second.server,
        profile: await readProfile(second.server),
        link: second.link,
      };
      const named = await classWeights(options);
      const weights = named && weightsByIndex(named, project.data.classNames);
      const useCase = { ...stated.useCase, ...(weights && { classWeights: weights }) };
      const stages = createStageRunner(cache, progress.job);
      const compared = await stages.run("search", (context) =>
        compareFleet(context, project, profiles, { ...stated, useCase }, server),
      );
      if (out !== undefined) await writeFileAtomically(out, pictureOf(compared));
      progress.finish();
      const networks = networkNames(project);
      const titles = networkTitles(networks);
      const said = fleetStatements(compared, titles);
      print({ ...compared, verdict: said }, [
        ...lines(targetsTable(compared)),
        "",
        ...lines(plansTable(compared, titles, networks)),
        "",
        ...lines(transfersTable(compared)),
        "",
        ...lines(rankingsTable(compared, titles)),
        "",
        ...said.map(statementLine),
        ...(out === undefined ? [] : ["", `wrote ${out}`]),
      ]);
    });
  });
}

async function profilesOf(
  project: TrainedProject,
  paths: readonly string[],
  projectPath: string,
): Promise<FleetProfile[]> {
  if (paths.length === 0)
    return project.profiles.map((profile, index) => ({
      name: `profile ${targetLetter(index)} of ${projectPath}`,
      profile,
    }));
  return Promise.all(paths.map(async (path) => ({ name: path, profile: await readProfile(path) })));
}

function pictureOf(compared: FleetComparison): string {
  const title = "Plans and rankings on other targets";
  return svgFile(fleetMatrix(compared, pictureWidthPx), title, (name) => palette[name].light);
}

function lines({ head, rows, note }: TextTable): string[] {
  return [...table(head, rows), ...(note === undefined ? [] : [`${note} All are in --json.`])];
}
