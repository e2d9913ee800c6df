import type { Command } from "commander";
import { formatBytes } from "../../../shared/base/format-number.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  createStageRunner,
  importBackbone,
  loadData,
  measureQuantised,
  type QuantisedFigures,
  quantiseBackbone,
  writableFile,
} from "../../engine/index.ts";
import { dataLines } from "../describe-data.ts";
import { factor, interval, percent, points } from "../format.ts";
import {
  addDataOptions,
  addModelOptions,
  addQuantiseOptions,
  addTargetOptions,
  chosenClasses,
  importOptions,
  preprocessOption,
  quantiseOptions,
  splitOptions,
  targetOptions,
} from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function quantiseCommand(command: Command): void {
  const quantise = command
    .command("quantise")
    .argument("<model>", "ONNX file of a float32 classifier")
    .description("write the same network with 8-bit integers: a rival of early exits, or a backbone for them")
    .requiredOption("-o, --out <file>", "the ONNX file to write");
  for (const add of [addModelOptions, addDataOptions, addQuantiseOptions, addTargetOptions]) add(quantise);
  quantise.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const out = await writableFile(options.out as string, path);
      const stages = createStageRunner(cache, progress.job);
      const backbone = await importBackbone(
        { modelPath: path, importOptions: importOptions(options) },
        stages,
      );
      const request = {
        path: options.data as string,
        preprocess: await preprocessOption(options),
        splits: splitOptions(options),
        classes: { chosen: await chosenClasses(options) },
      };
      const data = await stages.run("load", ({ job }) => loadData(backbone, request, job));
      progress.say(dataLines(data));
      try {
        const { quantised, file } = await stages.run("quantise", ({ job }) =>
          quantiseBackbone(backbone, data, quantiseOptions(options), job),
        );
        const figures = await stages.run("verify", ({ job }) =>
          measureQuantised(backbone, quantised, data, targetOptions(options), job),
        );
        await writeFileAtomically(out, file);
        progress.finish();
        print({ file: out, ...figures }, [...describe(figures), "", `wrote ${out}`]);
      } finally {
        await data.source.close();
      }
    });
  });
}

function describe({ samples, float, int8, bytes, ...rest }: QuantisedFigures): string[] {
  return [
    `float32  ${percent(float.accuracy, 2)} ${interval(float.accuracyInterval)}, ${formatBytes(bytes.float)}`,
    `int8     ${percent(int8.accuracy, 2)} ${interval(int8.accuracyInterval)}, ${formatBytes(bytes.int8)}`,
    `accuracy drop ${points(rest.accuracyDropPp, rest.accuracyDropHalfWidthPp)}; both answer alike on ${percent(rest.agreement, 2)} of ${samples} test images`,
    `${factor(rest.speedup)} as fast, both run in turns here`,
  ];
}
