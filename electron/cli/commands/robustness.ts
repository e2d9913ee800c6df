import { type Command, InvalidArgumentError, Option } from "commander";
import type { Robustness } from "../../../shared/files/robustness.ts";
import {
  type RobustnessOptions,
  robustnessOptionsSchema,
  severities,
} from "../../../shared/model/robustness-options.ts";
import { statementLine } from "../../../shared/model/statement.ts";
import { palette } from "../../../shared/presentation/drawing/palette.ts";
import { fileWidthPx, svgFile } from "../../../shared/presentation/drawing/svg.ts";
import { robustnessChart } from "../../../shared/presentation/robustness/robustness-chart.ts";
import { robustnessStatements } from "../../../shared/presentation/robustness/robustness-statements.ts";
import { robustnessTable } from "../../../shared/presentation/robustness/robustness-table.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  corruptions,
  createStageRunner,
  jsonText,
  measureRobustness,
  openProject,
  projectForPlan,
  trainedProject,
  writableFile,
} from "../../engine/index.ts";
import { choosePlan } from "../choose-plan.ts";
import { chooseProfile } from "../choose-profile.ts";
import { samplesRun, table } from "../format.ts";
import { loadDataAt } from "../load-data-at.ts";
import { addClassesOption } from "../options.ts";
import { type Parsed, schemaOptions } from "../schema-options.ts";
import { addWorkersOptions, runWithWorkers } from "../server-options.ts";
import type { CommonOptions } from "../terminal.ts";

const trying = schemaOptions(robustnessOptionsSchema, {
  corruptions: null,
  severities: null,
  seed: { purpose: "seed of the noise" },
});

interface Options extends CommonOptions, Record<string, unknown> {
  readonly data: string;
  readonly plan?: string;
  readonly profile?: string;
  readonly out?: string;
  readonly chart?: string;
}

/** What becomes of a plan when images get worse. */
export function robustnessCommand(command: Command): void {
  const ids = corruptions.map(({ id }) => id);
  const robustness = command
    .command("robustness")
    .argument("<project>", ".offramp project")
    .description("what a plan and the front do on corrupted test images: accuracy, exits and latency")
    .requiredOption("--data <path>", "the data set that the project was made with")
    .option("--plan <file>", "plan.json made by `offramp search`; the project's own if absent")
    .option("--profile <file>", "profile to work out latencies with; the project's own if absent")
    .addOption(
      new Option("--corruptions <ids>", `corruptions, comma-separated: ${ids.join(", ")}`)
        .default(ids, "all")
        .argParser(list),
    )
    .addOption(
      new Option("--severities <numbers>", "severities, comma-separated, or from..to")
        .default([...severities], "1..5")
        .argParser(numbers),
    )
    .option("-o, --out <file>", "write robustness.json here")
    .option("--chart <file>", "write the chart here: an SVG");
  for (const option of trying.options) robustness.addOption(option);
  addWorkersOptions(addClassesOption(robustness));
  robustness.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<Options>();
    return runWithWorkers(options, async ({ cache, progress, print, runner }) => {
      const wanted = robustnessOptions(options);
      const out = options.out === undefined ? undefined : await writableFile(options.out, path);
      const chart = options.chart === undefined ? undefined : await writableFile(options.chart, path);
      const opened = trainedProject(await openProject(path, progress.job("import"), cache));
      const plan = await choosePlan(opened, options.plan, path);
      const project = await projectForPlan(opened, plan);
      const profile = await chooseProfile(project, options.profile, path);
      const stages = createStageRunner(cache, progress.job, runner);
      const data = await loadDataAt(options.data, project, { options, stages, progress });
      try {
        const found = await stages.run("robustness", (context) =>
          measureRobustness(context, { project, profile, plan }, data, wanted),
        );
        if (out !== undefined) await writeFileAtomically(out, jsonText(found));
        if (chart !== undefined) await writeFileAtomically(chart, chartOf(found));
        progress.finish();
        const said = robustnessStatements(found);
        const written = [out, chart].flatMap((file) => file ?? []).map((file) => `wrote ${file}`);
        print({ ...found, verdict: said }, [
          ...tableLines(found),
          "",
          ...said.map(statementLine),
          ...(written.length > 0 ? ["", ...written] : []),
        ]);
      } finally {
        await data.source.close();
      }
    });
  });
}

function robustnessOptions(parsed: Parsed): RobustnessOptions {
  const { corruptions: ids, severities: chosen } = parsed;
  return robustnessOptionsSchema.parse({ ...trying.read(parsed), corruptions: ids, severities: chosen });
}

function list(text: string): string[] {
  const ids = text.split(",").map((id) => id.trim());
  const unknown = ids.find((id) => !corruptions.some((corruption) => corruption.id === id));
  if (unknown === undefined) return ids;
  throw new InvalidArgumentError(`expected some of ${corruptions.map(({ id }) => id).join(", ")}.`);
}

/** "1,3,5" or "1..5". */
function numbers(text: string): number[] {
  const [, from, to] = /^([1-5])\.\.([1-5])$/.exec(text) ?? [];
  const isWithin = (severity: number) => severity >= Number(from) && severity <= Number(to);
  const named = from === undefined ? text.split(",").map(Number) : severities.filter(isWithin);
  const areKnown = named.every((severity) => severities.some((known) => known === severity));
  if (areKnown && named.length > 0) return named;
  throw new InvalidArgumentError("expected whole numbers from 1 to 5, such as 1,3,5 or 1..5.");
}

function tableLines(found: Robustness): string[] {
  const { head, rows } = robustnessTable(found);
  return [`${samplesRun(found)}, strengths for ${found.scale} images`, "", ...table(head, rows)];
}

function chartOf(found: Robustness): string {
  const title = "Accuracy and latency on corrupted images";
  return svgFile(robustnessChart(found, fileWidthPx), title, (name) => palette[name].light);
}
