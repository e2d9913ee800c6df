import { join } from "node:path";
import { type Command, Option } from "commander";
import { AppError } from "../../../shared/base/errors.ts";
import {
  checkTarget,
  createStageRunner,
  doneHere,
  type HeadWish,
  importBackbone,
  importReferences,
  newProject,
  openProject,
  profileKind,
  profileReferences,
  writableFile,
} from "../../engine/index.ts";
import { beware, describeProfile } from "../describe-profile.ts";
import {
  addHeadOptions,
  addModelOptions,
  addProfileOptions,
  addReferenceOption,
  headWish,
  importOptions,
  profileOptions,
} from "../options.ts";
import { profileOnWorkers, writeProfile } from "../profile-on-workers.ts";
import { addServerOptions, checkWorkers, fleetNames } from "../server-options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function profileCommand(command: Command): void {
  const profile = command
    .command("profile")
    .argument("<model|project>", "ONNX file, or a .offramp project for the heads that it holds")
    .description(
      "measure latencies on this machine, or on workers of a fleet; needs neither data nor training",
    )
    .requiredOption(
      "-o, --out <file>",
      "the profile.json to write; of several workers a folder, NAME.json for each",
    )
    .option("--on <workers>", "measure on these workers instead, comma-separated, all at once", fleetNames)
    .addOption(
      new Option(
        "--until <trust>",
        "measure again, for ten minutes at most, until the profile can be trusted",
      ).choices(["good"]),
    );
  for (const add of [
    addModelOptions,
    addHeadOptions,
    addProfileOptions,
    addReferenceOption,
    addServerOptions,
  ])
    add(profile);
  profile.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async (terminal) => {
      const { cache, progress, print } = terminal;
      const workers = options.on === undefined ? undefined : workersAsked(options);
      const outs = await outsFor(options.out as string, path, workers);
      if (workers) await checkWorkers(options, workers);
      const wish = headWish(options);
      const { target: measuredOn, seconds } = profileOptions(options);
      const { energySensor, ...target } = measuredOn;
      const until = options.until as "good" | undefined;
      if (!workers) await checkTarget(target);
      const stages = createStageRunner(cache, progress.job);
      const project = path.endsWith(".offramp")
        ? await openProject(path, progress.job("import"), cache)
        : newProject(
            await importBackbone({ modelPath: path, importOptions: importOptions(options) }, stages),
          );
      const { backbone } = project;
      const asked = { target, seconds, until, ...namedWish(wish) };
      if (workers) {
        await profileOnWorkers(options, { project, asked, workers, outs }, terminal);
        return;
      }
      const references = await importReferences(options.reference as string[], backbone, stages);
      const { value: own } = await stages.run("profile", (context) =>
        doneHere.run(profileKind, project, asked, { ...context, energySensor }),
      );
      const measured = await profileReferences(own, backbone, references, stages, energySensor);
      await writeProfile(outs[0], measured);
      progress.finish();
      print(measured, [...describeProfile(measured), "", `wrote ${outs[0]}`, ...beware(measured, until)]);
    });
  });
}

/** @throws AppError 'usage' if something is asked for that workers don't do */
function workersAsked({ on, reference }: Record<string, unknown>): string[] {
  if ((reference as string[]).length > 0)
    throw new AppError("usage", "--reference is measured on this machine alone; leave it out, or --on");
  return on as string[];
}

/** The files to write, one for each worker. @throws AppError 'output-unwritable' */
function outsFor(out: string, path: string, workers: readonly string[] = []): Promise<string[]> {
  const files = workers.length > 1 ? workers.map((name) => join(out, `${name}.json`)) : [out];
  return Promise.all(files.map((file) => writableFile(file, path)));
}

/** A wish for heads as jobs and files name it. */
function namedWish({ heads, spareReady }: HeadWish) {
  return {
    heads: heads.map(({ kind, options }) => ({ kind: kind.id, options: { ...options } })),
    spareReady,
  };
}
