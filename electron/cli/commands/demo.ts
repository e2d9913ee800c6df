import type { Command } from "commander";
import {
  assetPath,
  createStageRunner,
  loadPreprocess,
  prepareFashionMnist,
  runPipeline,
} from "../../engine/index.ts";
import { describeRun } from "../describe-run.ts";
import {
  addHeadOptions,
  addProfileOptions,
  addRobustnessOption,
  addRunRivalOptions,
  addSampleOptions,
  addSearchOptions,
  addTrainingOptions,
  addVerifyOptions,
  classWeights,
  deployRequestOptions,
  runRivals,
  runRobustness,
  trainRequestOptions,
} from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function demoCommand(command: Command): void {
  const demo = command
    .command("demo")
    .description(
      "run everything on the embedded sample: a residual CNN for Fashion-MNIST, and a small one before it",
    )
    .option("--out <folder>", "where the results go", "offramp-demo");
  for (const add of [
    addSampleOptions,
    addHeadOptions,
    addTrainingOptions,
    addProfileOptions,
    addVerifyOptions,
    addRobustnessOption,
    addSearchOptions,
    addRunRivalOptions,
  ])
    add(demo);
  demo.action((_own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const dataPath = await prepareFashionMnist(cache.folder, progress.job("sample"));
      const sample = (name: string) => assetPath("samples", "fashion-mnist", name);
      const request = {
        modelPath: sample("model.onnx"),
        importOptions: {},
        dataPath,
        preprocess: await loadPreprocess(sample("preprocess.json")),
        members: [{ path: sample("small.onnx") }],
        ...trainRequestOptions(options),
        ...deployRequestOptions(options),
        classWeights: await classWeights(options),
        ...runRivals(options),
        robustness: runRobustness(options),
      };
      const found = await runPipeline(request, createStageRunner(cache, progress.job));
      progress.finish();
      print(found.summary, describeRun(found, request.outFolder));
    });
  });
}
