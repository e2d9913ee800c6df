import { type LoadedData, loadData, type StageRunner, type TrainedProject } from "../engine/index.ts";
import { dataLines } from "./describe-data.ts";
import { chosenClasses } from "./options.ts";
import type { StageProgress } from "./progress.ts";
import type { Parsed } from "./schema-options.ts";

/** What a command that loads data was asked, and tells. */
interface Loading {
  readonly options: Parsed;
  readonly stages: StageRunner;
  readonly progress: StageProgress;
}

/**
 * The data set as a project's heads were trained with it, wherever it lies now; the caller closes it.
 * @throws AppError as `chosenClasses` and `loadData` do
 */
export async function loadDataAt(
  path: string,
  { backbone, preprocess, data }: TrainedProject,
  { options, stages, progress }: Loading,
): Promise<LoadedData> {
  const classes = { chosen: await chosenClasses(options), stored: data.classNames };
  const request = { path, preprocess, splits: data.splitOptions, classes };
  const loaded = await stages.run("load", ({ job }) => loadData(backbone, request, job));
  progress.say(dataLines(loaded));
  return loaded;
}
