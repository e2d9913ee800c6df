import type { Command } from "commander";
import { type BackboneSummary, featureText, scoresText } from "../../../shared/domain/backbone.ts";
import { importModel } from "../../engine/index.ts";
import { compact, percent, table } from "../format.ts";
import { addModelOptions, importOptions } from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function inspectCommand(command: Command): void {
  addModelOptions(command.command("inspect").argument("<model>", "ONNX file"))
    .description("show a network's input, output, costs and cut points")
    .action((model: string, _own: unknown, self: Command) => {
      const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
      return runCommand(options, async ({ progress, print }) => {
        const { summary } = await importModel(model, importOptions(options), progress.job("import"));
        progress.finish();
        print(summary, describe(summary));
      });
    });
}

function describe(summary: BackboneSummary): string {
  const { input, output } = summary;
  const shape = [input.dynamicBatch ? "N" : 1, input.channels, input.height, input.width].join(" x ");
  const cuts = summary.cutPoints.map((cut) => [
    String(cut.index),
    cut.tensor,
    featureText(cut),
    percent(cut.macsShare),
  ]);
  return [
    `${summary.name}: ${summary.precision}, opset ${summary.opset}${summary.producer ? `, from ${summary.producer}` : ""}`,
    `input   ${input.name} ${shape} (channels x height x width, stored ${input.layout}), ${input.type}`,
    `output  ${output.name}, ${output.classes} classes, ${scoresText(output)}`,
    `cost    ${compact(summary.macs)} MACs, ${compact(summary.parameters)} parameters, ${compact(summary.parameterBytes)}B of weights, ${compact(summary.peakActivationBytes)}B of activations at most`,
    `exits   ${summary.cutPoints.length} cut points, ${summary.readyExits.length} exits that came with the model`,
    "",
    table(["cut", "tensor", "shape", "MACs before"], cuts),
  ].join("\n");
}
