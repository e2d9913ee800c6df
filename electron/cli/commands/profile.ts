import { type Command, Option } from "commander";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Latency, Profile } from "../../../shared/model/profile.ts";
import { describeQuality } from "../../../shared/presentation/words/describe-quality.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  createStageRunner,
  importBackbone,
  importReferences,
  openProject,
  profileHeads,
  profileReferences,
  untrainedHeads,
  writableFile,
} from "../../engine/index.ts";
import { factor, milliseconds, table } from "../format.ts";
import {
  addHeadOptions,
  addModelOptions,
  addProfileOptions,
  addReferenceOption,
  headChoices,
  importOptions,
  profileOptions,
} from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

export function profileCommand(command: Command): void {
  const profile = command
    .command("profile")
    .argument("<model|project>", "ONNX file, or a .offramp project for the heads that it holds")
    .description("measure latencies on this machine; needs neither data nor training")
    .requiredOption("-o, --out <file>", "the profile.json to write")
    .addOption(
      new Option(
        "--until <trust>",
        "measure again, for ten minutes at most, until the profile can be trusted",
      ).choices(["good"]),
    );
  for (const add of [addModelOptions, addHeadOptions, addProfileOptions, addReferenceOption]) add(profile);
  profile.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const out = await writableFile(options.out as string, path);
      const choices = headChoices(options);
      const { target, seconds } = profileOptions(options);
      const until = options.until as "good" | undefined;
      const stages = createStageRunner(cache, progress.job);
      const { backbone, heads } = path.endsWith(".offramp")
        ? await openProject(path, progress.job("import"), cache)
        : {
            backbone: await importBackbone(
              { modelPath: path, importOptions: importOptions(options) },
              stages,
            ),
            heads: [],
          };
      const subjects = heads.length > 0 ? heads : untrainedHeads(backbone, choices);
      const references = await importReferences(options.reference as string[], backbone, stages);
      const own = await stages.run("profile", (context) =>
        profileHeads(context, backbone, subjects, { target, seconds, until }),
      );
      const measured = await profileReferences(own, backbone, references, stages);
      await writeFileAtomically(out, `${JSON.stringify(measured, null, 2)}\n`);
      progress.finish();
      print(measured, [...describe(measured), "", `wrote ${out}`, ...beware(measured, until)]);
    });
  });
}

/** Why the file that was written is not what was wanted. */
function beware({ quality }: Profile, until: "good" | undefined): string[] {
  if (!until || quality?.trust === "good") return [];
  return [
    `the machine did not become calm enough within ten minutes: this is the best of the profiles, and ${quality?.trust ?? "not known to be good"}`,
  ];
}

function describe({ target, quality, backbone, final, prefixes, heads, references = [] }: Profile): string[] {
  const [policy] = heads.map((head) => head.policy);
  const rows = heads
    .filter((head) => head.policy === policy)
    .map((head) => {
      const prefix = prefixes.find(({ cutPoint }) => cutPoint === head.cutPoint)!;
      return [head.cutPoint, mean(prefix), halfWidth(prefix), head.head, mean(head), halfWidth(head)];
    });
  return [
    `${plainName(target.device)}; ${target.provider}, ${target.threads} threads; ${plainName(target.runtime)}`,
    `backbone ${mean(backbone)} ${interval(backbone)} (p5 to p95: ${milliseconds(backbone.p5Ms)} to ${milliseconds(backbone.p95Ms)}, ${backbone.count} times), as the last stage of a plan ${mean(final)} ${interval(final)}`,
    `quality ${describeQuality(quality)}`,
    "",
    ...table(["cut point", "prefix", "± 95 %", "head", "head and decision", "± 95 %"], rows),
    ...references.map(
      (reference) =>
        `${plainName(reference.name)} ${mean(reference)} ${interval(reference)}, ${factor(backbone.meanMs / reference.meanMs)} as fast as the backbone`,
    ),
  ];
}

function mean({ meanMs }: Latency): string {
  return milliseconds(meanMs);
}

/** Of the mean's 95 % interval; nothing where it isn't known. */
function halfWidth({ meanMs, intervalMs }: Latency): string {
  return intervalMs ? milliseconds(intervalMs[1] - meanMs) : "";
}

function interval(latency: Latency): string {
  return latency.intervalMs ? `± ${halfWidth(latency)}` : "";
}
