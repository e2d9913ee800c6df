import type { Command } from "commander";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Latency, MemberProfile, Profile } from "../../../shared/model/profile.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  createStageRunner,
  importBackbone,
  importReferences,
  newProject,
  openProject,
  profileNetworks,
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
      const project = path.endsWith(".offramp")
        ? await openProject(path, progress.job("import"), cache)
        : newProject(
            await importBackbone({ modelPath: path, importOptions: importOptions(options) }, stages),
          );
      const { backbone } = project;
      const heads = project.heads.length > 0 ? project.heads : untrainedHeads(backbone, choices);
      const references = await importReferences(options.reference as string[], backbone, stages);
      const own = await stages.run("profile", (context) =>
        profileNetworks(context, { ...project, heads }, { target, seconds }),
      );
      const measured = await profileReferences(own, backbone, references, stages);
      await writeFileAtomically(out, `${JSON.stringify(measured, null, 2)}\n`);
      progress.finish();
      print(measured, [...describe(measured), "", `wrote ${out}`]);
    });
  });
}

function describe(profile: Profile): string[] {
  const { target, backbone, members = [], references = [] } = profile;
  return [
    `${plainName(target.device)}; ${target.provider}, ${target.threads} threads; ${plainName(target.runtime)}`,
    `backbone ${timeOf(backbone)}`,
    "",
    ...exitTable(profile),
    ...members.flatMap((member) => [
      "",
      ...describeMember(member, backbone.meanMs),
      "",
      ...exitTable(member),
    ]),
    ...references.map(
      ({ name, meanMs }) =>
        `${plainName(name)} ${milliseconds(meanMs)}, ${factor(backbone.meanMs / meanMs)} as fast as the backbone`,
    ),
  ];
}

function timeOf({ medianMs, p5Ms, p95Ms, count }: Latency): string {
  return `${milliseconds(medianMs)} (p5 to p95: ${milliseconds(p5Ms)} to ${milliseconds(p95Ms)}, ${count} times)`;
}

function describeMember({ name, backbone, entry }: MemberProfile, backboneMs: number): string[] {
  const speed = `${factor(backboneMs / (backbone.meanMs + (entry?.meanMs ?? 0)))} as fast as the backbone`;
  const own = entry ? `; its own image takes ${milliseconds(entry.medianMs)} more` : "";
  return [`${plainName(name)} ${timeOf(backbone)}, ${speed}${own}`];
}

function exitTable({ prefixes, heads }: Pick<MemberProfile, "prefixes" | "heads">): string[] {
  const [policy] = heads.map((head) => head.policy);
  const rows = heads
    .filter((head) => head.policy === policy)
    .map((head) => {
      const prefix = prefixes.find(({ cutPoint }) => cutPoint === head.cutPoint)!;
      const range = `${milliseconds(prefix.p5Ms)} to ${milliseconds(prefix.p95Ms)}`;
      return [head.cutPoint, milliseconds(prefix.medianMs), range, head.head, milliseconds(head.medianMs)];
    });
  return table(["cut point", "prefix", "p5 to p95", "head", "head and decision"], rows);
}
