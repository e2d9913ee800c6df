import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import {
  addProjectPolicies,
  calibrateNetworks,
  createStageRunner,
  encodeTable,
  loadData,
  openProject,
  saveProject,
  type TrainedProject,
  trainedProject,
  writableFile,
  writeOutputs,
} from "../../engine/index.ts";
import { dataLines } from "../describe-data.ts";
import { describedMembers, outputTables } from "../describe-outputs.ts";
import { addClassesOption, chosenClasses, policyChoices, policyOption } from "../options.ts";
import { addWorkersOptions, runWithWorkers } from "../server-options.ts";
import type { CommonOptions } from "../terminal.ts";

export function calibrateCommand(command: Command): void {
  addWorkersOptions(addClassesOption(command.command("calibrate")))
    .argument("<project>", ".offramp file made by `offramp train`")
    .description(
      "show how well each head knows when it is right; calibrate again on other data, write the tables",
    )
    .option("--data <path>", "calibrate on this data set instead of what the project holds")
    .option("-o, --out <file>", "the project to write after calibrating on other data")
    .addOption(
      policyOption("exit policies to calibrate for beside those that the project knows").default([], "none"),
    )
    .option("--tables <folder>", "write the confidence tables as .npz, one per split and policy")
    .action((path: string, _own: unknown, self: Command) => {
      const options = self.optsWithGlobals<
        CommonOptions & Record<string, unknown> & { data?: string; out?: string; tables?: string }
      >();
      return runWithWorkers(options, async ({ cache, progress, print, runner }) => {
        const out = options.out === undefined ? undefined : await writableFile(options.out);
        const wanted = policyChoices(options);
        let project = trainedProject(await openProject(path, progress.job("import"), cache));
        const policies = [...project.tables.calibration.keys(), ...wanted.map(({ id }) => id)];
        let notes: readonly string[] = [];
        if (options.data !== undefined) {
          const stages = createStageRunner(cache, progress.job, runner);
          const { backbone, preprocess } = project;
          const dataPath = options.data;
          const classes = { chosen: await chosenClasses(options), stored: project.data.classNames };
          const data = await stages.run("load", ({ job }) =>
            loadData(
              backbone,
              { path: dataPath, preprocess, splits: project.data.splitOptions, classes },
              job,
            ),
          );
          progress.say(dataLines(data));
          try {
            const calibration = await calibrateNetworks(project, data, policies, stages);
            const { path, format, classNames } = data.source;
            notes = data.notes;
            const about = {
              ...project.data,
              path,
              format,
              classNames: [...classNames],
              trainTrust: undefined,
            };
            project = {
              ...project,
              ...calibration,
              data: about,
              front: undefined,
              plans: [],
              design: null,
              references: [],
              searches: [],
              robustness: undefined,
            };
          } finally {
            await data.source.close();
          }
        }
        project = await addProjectPolicies(project, wanted, progress.job("calibrate"));
        if (out !== undefined) await saveProject(project, out);
        if (options.tables !== undefined)
          await writeOutputs(options.tables, (draft) => writeTables(project, draft));
        progress.finish();
        const { outputs, members } = project;
        print({ outputs, members: describedMembers(members), notes }, outputTables(project));
      });
    });
}

/** Every network's tables, those of further networks in folders by their number: names are people's and may be no file's. */
async function writeTables({ tables, members }: TrainedProject, draft: string): Promise<void> {
  const folders = [
    { folder: draft, tables },
    ...members.map((member, index) => ({
      folder: join(draft, `member-${index + 1}`),
      tables: member.tables,
    })),
  ];
  for (const own of folders) {
    await mkdir(own.folder, { recursive: true });
    for (const split of ["calibration", "test"] as const)
      for (const [policy, table] of own.tables[split])
        await writeFile(join(own.folder, `${split}-${policy}.npz`), encodeTable(table));
  }
}
