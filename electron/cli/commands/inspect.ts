import type { Command } from "commander";
import { AppError } from "../../../shared/base/errors.ts";
import { formatCounted } from "../../../shared/base/format-number.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import { type BackboneSummary, featureText, scoresText } from "../../../shared/model/backbone.ts";
import { type BackboneCheck, checkedImages, checkWarnings } from "../../../shared/model/backbone-check.ts";
import { defaultSplitLimits } from "../../../shared/model/stage-options.ts";
import type { NetworkDifference } from "../../../shared/presentation/graph/compare-networks.ts";
import {
  type Backbone,
  checkBackbone,
  compareWith,
  importModel,
  type OpenData,
  openData,
  openProject,
} from "../../engine/index.ts";
import { checkLines, dataLines } from "../describe-data.ts";
import { differenceLines } from "../describe-difference.ts";
import { describeProject } from "../describe-project.ts";
import { compact, interval, percent, table } from "../format.ts";
import {
  addInspectOptions,
  addModelOptions,
  chosenClasses,
  importOptions,
  preprocessOption,
} from "../options.ts";
import { type CommonOptions, runCommand, type Terminal } from "../terminal.ts";

/** Listed for people; a file may have thousands. */
const mostOutputs = 12;

export function inspectCommand(command: Command): void {
  addInspectOptions(
    addModelOptions(command.command("inspect").argument("<model>", "ONNX file or .offramp project")),
  )
    .description(
      "show a network's input, output, costs and cut points, and how right it is on a data set; of a project its exits and training runs too",
    )
    .action((model: string, _own: unknown, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
      return runCommand(options, async (terminal) => {
        const { progress, print } = terminal;
        if (model.endsWith(".offramp")) return inspectProject(model, options, terminal);
        if (options.data === undefined && options.classes !== undefined)
          throw new AppError(
            "usage",
            "a list of classes without data: give --data with the data set to look at",
          );
        const backbone = await importModel(model, importOptions(options), progress.job("import"));
        const { summary } = backbone;
        const look =
          options.data === undefined ? undefined : await inspectDataSet(backbone, options, progress);
        const difference = await comparison(backbone, options, terminal);
        progress.finish();
        print({ ...summary, data: look?.facts, difference }, [
          ...describe(summary),
          ...(difference ? differenceLines(difference) : []),
          ...(look ? ["", ...look.lines] : []),
        ]);
      });
    });
}

async function inspectProject(
  path: string,
  options: Record<string, unknown>,
  terminal: Terminal,
): Promise<void> {
  const { cache, progress, print } = terminal;
  checkPlain(options);
  const project = await openProject(path, progress.job("import"), cache);
  const difference = await comparison(project.backbone, options, terminal);
  progress.finish();
  const { summary } = project.backbone;
  const { json, lines } = describeProject(project);
  print({ ...summary, ...json, difference }, [
    ...describe(summary),
    ...(difference ? differenceLines(difference) : []),
    ...lines,
  ]);
}

/** What differs from another network, where one is named. */
async function comparison(
  backbone: Backbone,
  { compare }: Record<string, unknown>,
  { cache, progress }: Terminal,
): Promise<NetworkDifference | undefined> {
  if (compare === undefined) return undefined;
  return compareWith(backbone, String(compare), progress.job("import"), cache);
}

/** @throws AppError 'usage' where something is asked for that a project has settled */
function checkPlain(options: Record<string, unknown>): void {
  const settled = ["data", "classes", "inputSize", "output"];
  if (settled.every((name) => options[name] === undefined)) return;
  throw new AppError(
    "usage",
    "a project knows its network and its data: give the .offramp file alone, or the ONNX file to look at it in another way",
  );
}

/** How accurate the backbone is on a data set, and what the person should know about it. */
async function inspectDataSet(
  backbone: Backbone,
  options: Record<string, unknown>,
  progress: Terminal["progress"],
): Promise<{ facts: object; lines: readonly string[] }> {
  const preprocess = await preprocessOption(options);
  const classes = { chosen: await chosenClasses(options) };
  const path = String(options.data);
  const splits = defaultSplitLimits;
  const data = await openData(backbone, { path, preprocess, splits, classes }, progress.job("load"));
  try {
    const check = await checkBackbone(backbone, data, preprocess, progress.job("check"));
    return {
      facts: dataFacts(data, check),
      lines: [dataLine(data, check), ...dataLines(data), ...checkLines(check)],
    };
  } finally {
    await data.source.close();
  }
}

function dataFacts({ source, classOrder, notes }: OpenData, check: BackboneCheck): object {
  const { path, format, classNames } = source;
  const warnings = checkWarnings(check);
  return { path, format, classes: classNames.length, classNames, classOrder, notes, check, warnings };
}

function dataLine({ source }: OpenData, check: BackboneCheck): string {
  const right = `right on ${percent(check.accuracy)} of ${checkedImages(check)} ${interval(check.interval)}`;
  return `data    ${source.path}: ${source.format}, ${source.classNames.length} classes, ${right}`;
}

function describe(summary: BackboneSummary): string[] {
  const { input, output } = summary;
  const shape = [input.dynamicBatch ? "N" : 1, input.channels, input.height, input.width].join(" x ");
  const cuts = summary.cutPoints.map((cut) => [
    String(cut.index),
    cut.tensor,
    featureText(cut),
    percent(cut.macsShare),
  ]);
  return [
    `${plainName(summary.name)}: ${summary.precision}, opset ${summary.opset}${summary.producer ? `, from ${plainName(summary.producer)}` : ""}`,
    `input   ${plainName(input.name)} ${shape} (channels x height x width, stored ${input.layout}), ${input.type}`,
    `output  ${plainName(output.name)}, ${output.classes} classes, ${scoresText(output)}`,
    ...otherOutputLines(summary),
    `cost    ${compact(summary.macs)} MACs, ${compact(summary.parameters)} parameters, ${compact(summary.parameterBytes)}B of weights, ${compact(summary.peakActivationBytes)}B of activations at most`,
    `exits   ${formatCounted(summary.cutPoints.length, "cut point")}, ${formatCounted(summary.readyExits.length, "exit")} that came with the model`,
    "",
    ...table(["cut", "tensor", "shape", "MACs before"], cuts),
    ...readyExitLines(summary),
  ];
}

/** The exits that came with the model, with the MACs of all that is computed up to their scores, and of that what lies behind the cut point. */
function readyExitLines({ readyExits, cutPoints, macs }: BackboneSummary): string[] {
  if (readyExits.length === 0) return [];
  const rows = readyExits.map(({ output, cutPoint, kind = "logits", macs: own = 0 }) => {
    const cut = cutPoints.find(({ tensor }) => tensor === cutPoint)!;
    return [output, kind, String(cut.index), percent((cut.macs + own) / macs), compact(own)];
  });
  return ["", ...table(["exit", "gives", "cut", "MACs up to it", "behind the cut"], rows)];
}

function otherOutputLines({ otherOutputs }: BackboneSummary): string[] {
  if (otherOutputs.length === 0) return [];
  const listed = otherOutputs
    .slice(0, mostOutputs)
    .map(({ name, type, shape }) => `${plainName(name)}: ${type} [${shape.join(", ")}]`);
  const others = otherOutputs.length - listed.length;
  return [
    `        or with --output one of ${listed.join(", ")}${others > 0 ? `, … (${others} more with --json)` : ""}`,
  ];
}
