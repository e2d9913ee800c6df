import type { Command } from "commander";
import type { Plan } from "../../../shared/model/plan.ts";
import {
  describeSharing,
  type PartedNetwork,
} from "../../../shared/presentation/words/describe-partition.ts";
import { type NetworkTitles, networkTitles } from "../../../shared/presentation/words/network-titles.ts";
import type { PlanFlow, Throughput } from "../../../shared/sdf/plan-flow.ts";
import { topologyMatrix } from "../../../shared/sdf/sdf-graph.ts";
import {
  flowOfPlan,
  networkNames,
  openProject,
  projectForPlan,
  searchInputs,
  trainedProject,
} from "../../engine/index.ts";
import { chooseOffload } from "../choose-offload.ts";
import { choosePlan } from "../choose-plan.ts";
import { chooseProfile } from "../choose-profile.ts";
import { milliseconds, table } from "../format.ts";
import { addOffloadOptions, offloadOptions } from "../options.ts";
import { type CommonOptions, runCommand } from "../terminal.ts";

interface SdfOptions extends CommonOptions {
  readonly plan?: string;
  readonly profile?: string;
}

export function sdfCommand(command: Command): void {
  const sdf = command
    .command("sdf")
    .argument("<project>", ".offramp project")
    .description("show a plan as a synchronous-dataflow graph: its rates, latency and throughput")
    .option("--plan <file>", "plan.json made by `offramp search`; the project's own if absent")
    .option("--profile <file>", "profile of the device; the project's own if absent");
  addOffloadOptions(sdf);
  sdf.action((path: string, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<SdfOptions>();
    return runCommand(options, async ({ cache, progress, print }) => {
      const opened = trainedProject(await openProject(path, progress.job("import"), cache));
      const plan = await choosePlan(opened, options.plan, path);
      const project = await projectForPlan(opened, plan);
      const profile = await chooseProfile(project, options.profile, path);
      const inputs = {
        ...searchInputs(project, "calibration", profile),
        offload: await chooseOffload(project, offloadOptions({ ...options })),
      };
      const flow = flowOfPlan(inputs, plan);
      progress.finish();
      print(
        { cut: plan.cut, cutMember: plan.cutMember, ...flow, topologyMatrix: topologyMatrix(flow.graph) },
        [...sharing(plan, networkNames(project)), ...describe(flow, networkTitles(networkNames(project)))],
      );
    });
  });
}

/** Who runs what, where several networks are shared out. */
function sharing(plan: Plan, networks: readonly PartedNetwork[]): string[] {
  const shared = describeSharing(plan, networks, networkTitles(networks));
  return shared === undefined ? [] : [shared, ""];
}

function describe(flow: PlanFlow, titles: NetworkTitles): string[] {
  return [
    ...actorTable(flow, titles),
    "",
    "topology matrix: tokens that a firing of the actor adds to the channel",
    ...matrixTable(flow),
    "",
    `expected latency ${milliseconds(flow.expectedMs)}`,
    ...flow.throughputs.map(throughputLine),
  ];
}

function actorTable({ graph, repetitions }: PlanFlow, titles: NetworkTitles): string[] {
  const rows = graph.actors.map(({ name, networks, site, firingMs }, actor) => [
    String(actor + 1),
    networks ? `${networks.map(titles.short).join(" → ")}: ${name}` : name,
    site ?? "",
    milliseconds(firingMs),
    rate(repetitions[actor]),
    milliseconds(repetitions[actor] * firingMs),
  ]);
  return table(["", "actor", "on", "firing takes", "firings per sample", "time per sample"], rows);
}

function matrixTable({ graph }: PlanFlow): string[] {
  const matrix = topologyMatrix(graph);
  const rows = graph.channels.map(({ from, to }, channel) => [
    `${from + 1} → ${to + 1}`,
    ...matrix[channel].map((tokens) => (tokens === 0 ? "" : rate(tokens))),
  ]);
  return table(["channel", ...graph.actors.map((_, actor) => String(actor + 1))], rows);
}

function throughputLine({ title, samplesPerSecond, bottleneck, loads }: Throughput): string {
  const busy = loads.map(({ worker, msPerSample }) => `${worker} ${milliseconds(msPerSample)}`).join(", ");
  return `${title}: ${Number(samplesPerSecond.toPrecision(3))} samples a second, limited by ${bottleneck} (${busy} per sample)`;
}

function rate(value: number): string {
  return String(Number(value.toFixed(4)));
}
