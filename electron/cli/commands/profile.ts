import { type Command, Option } from "commander";
import { formatEnergy } from "../../../shared/base/format-number.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import { aloneMs, type Latency, type MemberProfile, type Profile } from "../../../shared/model/profile.ts";
import { describeEnergy } from "../../../shared/presentation/words/describe-energy.ts";
import { describeQuality } from "../../../shared/presentation/words/describe-quality.ts";
import { writeFileAtomically } from "../../disk/write-file.ts";
import {
  createStageRunner,
  headsBeforeTraining,
  importBackbone,
  importReferences,
  newProject,
  openProject,
  profileNetworks,
  profileReferences,
  writableFile,
} from "../../engine/index.ts";
import { factor, milliseconds, table } from "../format.ts";
import {
  addHeadOptions,
  addModelOptions,
  addProfileOptions,
  addReferenceOption,
  headWish,
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
      const wish = headWish(options);
      const { target, seconds } = profileOptions(options);
      const until = options.until as "good" | undefined;
      const stages = createStageRunner(cache, progress.job);
      const project = path.endsWith(".offramp")
        ? await openProject(path, progress.job("import"), cache)
        : newProject(
            await importBackbone({ modelPath: path, importOptions: importOptions(options) }, stages),
          );
      const { backbone } = project;
      const heads = project.heads.length > 0 ? project.heads : headsBeforeTraining(backbone, wish);
      const references = await importReferences(options.reference as string[], backbone, stages);
      const own = await stages.run("profile", (context) =>
        profileNetworks(context, { ...project, heads }, { target, seconds, until }),
      );
      const measured = await profileReferences(own, backbone, references, stages, target.energySensor);
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

function describe(profile: Profile): string[] {
  const { target, quality, backbone, final, members = [], references = [] } = profile;
  return [
    `${plainName(target.device)}; ${target.provider}, ${target.threads} threads; ${plainName(target.runtime)}`,
    `backbone ${timeOf(backbone)}, as the last stage of a plan ${mean(final)} ${interval(final)}`,
    `quality ${describeQuality(quality)}`,
    `energy ${plainName(describeEnergy(profile), 240)}`,
    "",
    ...exitTable(profile),
    ...members.flatMap((member) => [
      "",
      ...describeMember(member, backbone.meanMs),
      "",
      ...exitTable(member),
    ]),
    ...references.map(
      (reference) =>
        `${plainName(reference.name)} ${mean(reference)} ${interval(reference)}, ${factor(backbone.meanMs / reference.meanMs)} as fast as the backbone`,
    ),
  ];
}

function energy({ energyMillijoules }: Latency): string {
  return energyMillijoules === undefined ? "–" : formatEnergy(energyMillijoules);
}

function timeOf(latency: Latency): string {
  const { p5Ms, p95Ms, count } = latency;
  return `${mean(latency)} ${interval(latency)} (p5 to p95: ${milliseconds(p5Ms)} to ${milliseconds(p95Ms)}, ${count} times)`;
}

function describeMember(member: MemberProfile, backboneMs: number): string[] {
  const { name, backbone, entry } = member;
  const speed = `${factor(backboneMs / aloneMs(member))} as fast as the backbone`;
  const own = entry ? `; its own image takes ${mean(entry)} more` : "";
  return [`${plainName(name)} ${timeOf(backbone)}, ${speed}${own}`];
}

function exitTable({ prefixes, heads }: Pick<MemberProfile, "prefixes" | "heads">): string[] {
  const [policy] = heads.map((head) => head.policy);
  const rows = heads
    .filter((head) => head.policy === policy)
    .map((head) => {
      const prefix = prefixes.find(({ cutPoint }) => cutPoint === head.cutPoint)!;
      const times = [head.cutPoint, mean(prefix), halfWidth(prefix), head.head, mean(head), halfWidth(head)];
      return prefixes.some(isCounted) ? [...times, energy(prefix), energy(head)] : times;
    });
  const columns = ["cut point", "prefix", "± 95 %", "head", "head and decision", "± 95 %"];
  return table(prefixes.some(isCounted) ? [...columns, "prefix", "head"] : columns, rows);
}

function isCounted({ energyMillijoules }: Latency): boolean {
  return energyMillijoules !== undefined;
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
