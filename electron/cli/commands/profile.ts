import type { Command } from "commander";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Profile } from "../../../shared/model/profile.ts";
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
    .requiredOption("-o, --out <file>", "the profile.json to write");
  for (const add of [addModelOptions, addHeadOptions, addProfileOptions, addReferenceOption]) add(profile);
  profile.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & Record<string, unknown>>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const out = await writableFile(options.out as string, path);
      const choices = headChoices(options);
      const { target, seconds } = profileOptions(options);
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
        profileHeads(context, backbone, subjects, target, seconds),
      );
      const measured = await profileReferences(own, backbone, references, stages);
      await writeFileAtomically(out, `${JSON.stringify(measured, null, 2)}\n`);
      progress.finish();
      print(measured, [...describe(measured), "", `wrote ${out}`]);
    });
  });
}

function describe({ target, backbone, prefixes, heads, references = [] }: Profile): string[] {
  const [policy] = heads.map((head) => head.policy);
  const rows = heads
    .filter((head) => head.policy === policy)
    .map((head) => {
      const prefix = prefixes.find(({ cutPoint }) => cutPoint === head.cutPoint)!;
      const range = `${milliseconds(prefix.p5Ms)} to ${milliseconds(prefix.p95Ms)}`;
      return [head.cutPoint, milliseconds(prefix.medianMs), range, head.head, milliseconds(head.medianMs)];
    });
  return [
    `${plainName(target.device)}; ${target.provider}, ${target.threads} threads; ${plainName(target.runtime)}`,
    `backbone ${milliseconds(backbone.medianMs)} (p5 to p95: ${milliseconds(backbone.p5Ms)} to ${milliseconds(backbone.p95Ms)}, ${backbone.count} times)`,
    "",
    ...table(["cut point", "prefix", "p5 to p95", "head", "head and decision"], rows),
    ...references.map(
      ({ name, meanMs }) =>
        `${plainName(name)} ${milliseconds(meanMs)}, ${factor(backbone.meanMs / meanMs)} as fast as the backbone`,
    ),
  ];
}
