import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { AppError } from "../../../shared/base/errors.ts";
import { formatEnergy, formatFactor } from "../../../shared/base/format-number.ts";
import { silentJob } from "../../../shared/base/job.ts";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { PredictedInterval } from "../../../shared/evaluate/predicted-interval.ts";
import type { FrontFile, SearchRecord } from "../../../shared/files/front-file.ts";
import { planFile, planText } from "../../../shared/files/plan-file.ts";
import type { Link } from "../../../shared/model/link.ts";
import type { PartitionedPlan, Plan } from "../../../shared/model/plan.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import type { SearchOptions } from "../../../shared/model/stage-options.ts";
import { missesIn, type Statement, statementLine } from "../../../shared/model/statement.ts";
import type { ExitImportance } from "../../../shared/presentation/plans/exit-importance.ts";
import { listedSearches } from "../../../shared/presentation/plans/searches.ts";
import { speedupsByDrop } from "../../../shared/presentation/plans/speedups-by-drop.ts";
import { frontEvidence, verdict } from "../../../shared/presentation/verdict/verdict.ts";
import { describeChain, placeOfEnd } from "../../../shared/presentation/words/describe-plan.ts";
import { describePrediction, poorProfileText } from "../../../shared/presentation/words/describe-quality.ts";
import { type NamedNetwork, networkTitles } from "../../../shared/presentation/words/network-titles.ts";
import {
  addProjectPolicies,
  chosenPlan,
  createStageRunner,
  type ExitPolicy,
  encodeProject,
  frontBeside,
  type Member,
  networkNames,
  openProject,
  openTable,
  type Project,
  planImportance,
  planOf,
  projectSearch,
  readProfile,
  readSampleWeights,
  rivalsOnCalibration,
  type SearchInputs,
  searchFront,
  searchInputs,
  searchProject,
  type TrainedProject,
  tableSearchInputs,
  trainedProject,
  trustOfTables,
  weightsByIndex,
  writeJson,
  writeOffered,
  writeOutputs,
} from "../../engine/index.ts";
import { type Asking, addNetworks, importBeside, measuredBeside, type Wish } from "../beside-project.ts";
import { chooseOffload } from "../choose-offload.ts";
import { chooseProfile } from "../choose-profile.ts";
import { exitCells } from "../describe-exits.ts";
import { describeImportance } from "../describe-importance.ts";
import { describeOffered } from "../describe-offered.ts";
import { memberTables } from "../describe-outputs.ts";
import { describeTunedFront } from "../describe-tuned-front.ts";
import { compact, latencies, milliseconds, percent, table } from "../format.ts";
import {
  addForceOption,
  addMemberOptions,
  addOffloadOptions,
  addProfileSeconds,
  addRivalOptions,
  addSearchOptions,
  classWeights,
  offloadOptions,
  policyChoices,
  searchOptions,
  seedOption,
} from "../options.ts";
import { addWorkersOptions, runWithWorkers } from "../server-options.ts";
import type { CommonOptions } from "../terminal.ts";

interface SearchSources {
  readonly profile?: string;
  readonly table?: string;
  readonly sampleWeights?: string;
  readonly data?: string;
  readonly out?: string;
}

/** What the command is given to search. */
interface Searched {
  readonly inputs: SearchInputs;
  readonly project?: TrainedProject;
}

export function searchCommand(command: Command): void {
  const search = command
    .command("search")
    .argument("[project]", ".offramp project; or give --table and --profile instead")
    .description("find the front and the plan for a use case")
    .option("--profile <file>", "profile to search with; the project's own if absent")
    .option("--table <file>", "confidence table (.npz) of a network from elsewhere")
    .option(
      "--sample-weights <file>",
      "how often each calibration sample comes in deployment: .npy, JSON or a number a line",
    )
    .option("--data <path>", "where the project's data set lies now, for --reference and --member")
    .addOption(seedOption("seed of the heuristic algorithms"))
    .option(
      "-o, --out <folder>",
      "write front.json and plan.json here, and a plan to choose instead: plan-safe.json, or plan-plain.json with --confidence; " +
        "with --member also project.offramp and profile.json",
    );
  addRivalOptions(search);
  for (const add of [addMemberOptions, addForceOption, addProfileSeconds]) add(search);
  addOffloadOptions(search);
  addWorkersOptions(search, "--fleet-server");
  addSearchOptions(search);
  search.action((path: string | undefined, _own: unknown, self: Command) => {
    const options = self.optsWithGlobals<CommonOptions & SearchSources & Record<string, unknown>>();
    return runWithWorkers(options, async ({ cache, progress, print, runner }) => {
      const stated = searchOptions(options);
      const sources = await readInputs(
        path,
        (project) => openProject(project, progress.job("import"), cache),
        options,
        policyChoices(options),
        offloadOptions(options),
      );
      const stages = createStageRunner(cache, progress.job, runner);
      const beside = { options, cache, stages, progress };
      const wish = await importBeside(sources.project, sources.inputs.profile, beside);
      const grown = await withNetworks(sources, wish, beside);
      const { project, inputs: unweighted } = grown;
      const { sampleWeights } = options;
      const inputs =
        sampleWeights === undefined
          ? unweighted
          : { ...unweighted, sampleWeights: await readSampleWeights(sampleWeights) };
      const named = await classWeights(options);
      const wanted = named
        ? {
            ...stated,
            useCase: { ...stated.useCase, classWeights: weightsByIndex(named, namesOf(inputs, project)) },
          }
        : stated;
      const { quality } = inputs.profile;
      if (quality?.trust === "poor") progress.say([`warning: ${poorProfileText(quality)}`]);
      const references = await measuredBeside(project, inputs.profile, wish, beside);
      const task = searchOf(project, unweighted, inputs, wanted);
      const found = await stages.run("search", (context) =>
        "on" in task ? searchProject(context, task) : searchFront(context, task),
      );
      const front = frontBeside(found.front, references, task.inputs);
      if (options.out !== undefined)
        await writeOutputs(options.out, async (draft, removeOld) => {
          await writeJson(draft, "front.json", front);
          const asFile = (plan: PartitionedPlan) => {
            const chosen = chosenPlan(front, plan);
            return project ? planOf(project, chosen) : planFile(front.backboneSha256, chosen);
          };
          await writeFile(join(draft, "plan.json"), planText(asFile(front.recommended)));
          await writeOffered(front, asFile, draft, removeOld);
          if (project && grown.added.length > 0) {
            const plan = asFile(front.recommended);
            const explored = exploredProject(project, inputs.profile, found.front, plan, references);
            await writeJson(draft, "profile.json", inputs.profile);
            await writeFile(join(draft, "project.offramp"), encodeProject(explored));
          }
        });
      progress.finish();
      const known = {
        front,
        backbone: project?.backbone.summary,
        trust: project && trustOfTables(project.tables, project.data.trainTrust),
        ...rivalsOnCalibration(front, task.inputs),
        profile: task.inputs.profile,
        networks: project && networkNames(project),
      };
      const evidence = frontEvidence(known);
      const importance = planImportance(task.inputs, front.recommended, front.useCase);
      print({ ...front, importance: importance.map(({ lost }) => lost) }, [
        ...(project ? memberTables(project, grown.added).slice(1) : []),
        ...(grown.added.length > 0 ? [""] : []),
        ...describeFront(front, verdict(evidence), {
          predicted: evidence.profile?.interval,
          networks: known.networks,
          importance,
        }),
        ...(grown.added.length > 0 && options.out !== undefined ? ["", describeGrown(options.out)] : []),
      ]);
    });
  });
}

/**
 * What is searched: a project, or tables by themselves, whose samples may have weights.
 * @throws AppError 'usage' if halves are to take turns that aren't there
 */
function searchOf(
  project: TrainedProject | undefined,
  { profile, offload }: SearchInputs,
  inputs: SearchInputs,
  options: SearchOptions,
) {
  if (!options.crossFit) return { inputs, options };
  if (project && !inputs.sampleWeights) return projectSearch(project, profile, options, offload);
  throw new AppError(
    "usage",
    project
      ? "--sample-weights: they are of the calibration samples alone, and --cross-fit chooses on the test split's as well; leave out one of the two"
      : "--cross-fit: a table holds one split, and the halves that take turns are two; give a .offramp project instead of --table",
  );
}

/** The same with the networks that are to join the project. */
async function withNetworks(
  searched: Searched,
  { members }: Wish,
  beside: Asking,
): Promise<Searched & { readonly added: readonly Member[] }> {
  const { inputs, project } = searched;
  if (!project || members.length === 0) return { ...searched, added: [] };
  const grown = await addNetworks(project, inputs.profile, members, beside);
  const { offload } = inputs;
  return {
    project: grown.project,
    inputs: { ...searchInputs(grown.project, "calibration", grown.profile), offload },
    added: grown.project.members.slice(project.members.length),
  };
}

/** The project as this search leaves it; a design was one of the networks before. */
function exploredProject(
  project: TrainedProject,
  profile: Profile,
  front: FrontFile,
  plan: Plan,
  measured: readonly ReferenceModel[],
): TrainedProject {
  const profiles = [...project.profiles.filter(({ id }) => id !== profile.id), profile];
  const references = [...project.references.filter(({ target }) => target !== profile.id), ...measured];
  return { ...project, profiles, references, front, plans: [plan], design: null };
}

function describeGrown(folder: string): string {
  return `wrote ${join(folder, "project.offramp")}, the project with all networks: export and verify its plans with that`;
}

async function readInputs(
  path: string | undefined,
  open: (path: string) => Promise<Project>,
  { profile, table: tablePath }: SearchSources,
  policies: readonly ExitPolicy[],
  second: { readonly server: string; readonly link: Link } | undefined,
): Promise<Searched> {
  if (path !== undefined) {
    if (tablePath !== undefined)
      throw new AppError("usage", `two things to search: give ${path} or --table, not both`);
    const project = await addProjectPolicies(trainedProject(await open(path)), policies, silentJob);
    const own = await chooseProfile(project, profile, path);
    const inputs = searchInputs(project, "calibration", own);
    const offload = await chooseOffload(project, second);
    return { inputs: { ...inputs, offload }, project };
  }
  if (second)
    throw new AppError(
      "usage",
      "--server: where tensors cross to a server their sizes have to be known; give a .offramp project instead of --table",
    );
  if (tablePath === undefined || profile === undefined)
    throw new AppError("usage", "nothing to search: give a .offramp project, or --table and --profile");
  if (policies.length > 1)
    throw new AppError(
      "usage",
      `--policy ${policies.map(({ id }) => id).join()}: a table holds one policy's confidences; name that one`,
    );
  const table = await openTable(tablePath);
  return { inputs: tableSearchInputs(table, await readProfile(profile), policies[0].id) };
}

/**
 * Names of the classes; of a table's their numbers, up to the largest label.
 * @throws AppError 'usage' if the table has no labels
 */
function namesOf({ tables }: SearchInputs, project: TrainedProject | undefined): readonly string[] {
  if (project) return project.data.classNames;
  const [table] = tables.values();
  if (!table.labels)
    throw new AppError(
      "usage",
      "the table holds no 'labels' (int32, a class per sample), so its classes can't be weighted; add them, or give --sample-weights",
    );
  const classes = table.labels.reduce((max, label) => Math.max(max, label + 1), 0);
  return Array.from({ length: classes }, (_, label) => String(label));
}

/** What is known of the recommended plan beside the front. */
interface KnownOfPlan {
  /** Where its mean lies by the profile's intervals, if it has any. */
  readonly predicted?: PredictedInterval;
  readonly networks?: readonly NamedNetwork[];
  readonly importance?: readonly ExitImportance[];
}

/**
 * A search's result as a person reads it in a terminal.
 * @param said of the plan that it recommends
 */
export function describeFront(
  front: FrontFile,
  said: readonly Statement[],
  { predicted, networks = [], importance = [] }: KnownOfPlan = {},
): string[] {
  const { recommended, samples, effectiveSamples, crossFit, references = [] } = front;
  const runs = listedSearches(front).map(({ search, series }) => [
    series.role === "frozen" ? `${search.algorithm}, frozen` : search.algorithm,
    ...searchCells(search),
  ]);
  const { exits, figures } = recommended;
  const titles = networkTitles(networks);
  const chain = describeChain(recommended, titles);
  const plan = exits.map((exit, index) => [
    String(index + 1),
    ...exitCells(exit, recommended, titles),
    `${exit.policy} >= ${exit.threshold.toFixed(4)}`,
    percent(figures.exitRates[index]),
  ]);
  return [
    ...table(["algorithm", "front", "plans", "time", "hypervolume", "points"], runs),
    "",
    missesIn(said).length === 0 ? "recommended plan" : "nearest plan",
    ...table(
      ["exit", "cut point", "head", "leaves if", "leave here"],
      [...plan, ["-", placeOfEnd(recommended, titles), "", "", percent(figures.exitRates.at(-1)!)]],
    ),
    ...(chain ? [`goes through ${chain}`] : []),
    `${percent(figures.accuracy, 2)} of ${samples} ${crossFit ? "held-out" : "calibration"} samples right, ${latencies(figures.latencyMs)}, worst ${milliseconds(figures.latencyMs.worst)}`,
    ...describeEnergy(front),
    ...(predicted ? [describePrediction(predicted)] : []),
    ...references.map(
      ({ name, accuracy, latencyMs }) =>
        `${plainName(name)}: ${percent(accuracy, 2)} of them right, mean ${milliseconds(latencyMs.mean)}`,
    ),
    ...(effectiveSamples === undefined
      ? []
      : [`weighted; worth ${effectiveSamples.toFixed(0)} samples of equal weight`]),
    ...describeOffload(front),
    ...describeImportance(recommended, importance, titles),
    ...describeOffered(front, titles),
    ...describeTunedFront(speedupsByDrop(front, titles), front.useCase),
    "",
    ...said.map(statementLine),
  ];
}

/** Nothing where the profile says nothing of it. */
function describeEnergy({ recommended: { figures, cut }, backbone }: FrontFile): string[] {
  const { energyMillijoules: own } = figures;
  if (own === undefined) return [];
  const whole = backbone.energyMillijoules;
  const beside =
    whole === undefined ? "" : `, the backbone ${formatEnergy(whole)} (${formatFactor(whole / own)})`;
  const link = cut === undefined ? "" : "; what the link takes isn't in it";
  return [`energy ${formatEnergy(own)} a sample on average${beside}${link}`];
}

function searchCells({ proven, gap, evaluations, seconds, hypervolume, front }: SearchRecord): string[] {
  return [
    proven ? "proven" : gap === undefined ? "not proven" : `gap ${percent(gap, 2)}`,
    String(evaluations),
    `${seconds.toFixed(1)} s`,
    hypervolume.toFixed(5),
    String(front.length),
  ];
}

/** How device and server share the recommended plan. */
function describeOffload({ recommended, offload }: FrontFile): string[] {
  const { cut, throughput } = recommended;
  if (!offload || !throughput) return [];
  const { server, link, backboneMs } = offload;
  const { samplesPerSecond, bottleneck, loads, crossingRate } = throughput;
  const busy = loads.map(({ worker, msPerSample }) => `${worker} ${milliseconds(msPerSample)}`).join(", ");
  return [
    cut === undefined
      ? `not partitioned: the device does better without ${plainName(server.device)}`
      : `partitioned at ${plainName(cut)}: ${percent(crossingRate)} of the samples cross to ${plainName(server.device)}`,
    `link ${milliseconds(link.latencyMs)} one way, ${link.bandwidthMbps} Mbit/s; the backbone on the server alone takes ${milliseconds(backboneMs)}`,
    `up to ${compact(samplesPerSecond)} samples a second, limited by ${bottleneck} (per sample: ${busy})`,
  ];
}
