import type { Command } from "commander";
import {
  assetPath,
  createStageRunner,
  loadPreprocess,
  prepareFashionMnist,
  runPipeline,
} from "../../engine/index.ts";
import { describeSummary } from "../describe-summary.ts";
import {
  addHeadOptions,
  addProfileOptions,
  addSampleOptions,
  addSearchOptions,
  addTrainingOptions,
  headChoices,
  searchOptions,
  splitOptions,
  targetOptions,
  trainingOptions,
} from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

/** What the sample is run with unless the person says otherwise. */
const defaultDropPp = 0.5;

export function demoCommand(command: Command): void {
  const demo = command
    .command("demo")
    .description("run everything on the embedded sample: a residual CNN for Fashion-MNIST")
    .option("--out <folder>", "where the results go", "offramp-demo");
  for (const add of [
    addSampleOptions,
    addHeadOptions,
    addTrainingOptions,
    addProfileOptions,
    addSearchOptions,
  ])
    add(demo);
  demo.action((_own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const dataPath = await prepareFashionMnist(cache.folder, progress.job("sample"));
      const sample = (name: string) => assetPath("samples", "fashion-mnist", name);
      const search = searchOptions(options);
      const { maxLatencyMs, minAccuracy, maxDropPp, maxBytes } = search.useCase;
      const silent = [maxLatencyMs, minAccuracy, maxDropPp, maxBytes].every(
        (constraint) => constraint === undefined,
      );
      const request = {
        modelPath: sample("model.onnx"),
        importOptions: {},
        dataPath,
        preprocess: await loadPreprocess(sample("preprocess.json")),
        splits: splitOptions(options),
        heads: headChoices(options),
        training: trainingOptions(options),
        target: targetOptions(options),
        profileSeconds: options.profileSeconds as number,
        search: silent ? { ...search, useCase: { ...search.useCase, maxDropPp: defaultDropPp } } : search,
        outFolder: options.out as string,
      };
      const summary = await runPipeline(request, createStageRunner(cache, progress.job));
      progress.finish();
      print(summary, describeSummary(summary, request.outFolder));
    });
  });
}
