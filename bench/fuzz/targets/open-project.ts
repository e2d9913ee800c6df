import { openProject } from "../../../electron/engine/index.ts";
import type { Project } from "../../../electron/engine/project/project.ts";
import { encodeProject } from "../../../electron/engine/project/project-archive.ts";
import { startFrontSearch } from "../../../electron/engine/search/front-search.ts";
import { searchInputs } from "../../../electron/engine/search/search-inputs.ts";
import type { Job } from "../../../shared/base/job.ts";
import type { ConfidenceTable } from "../../../shared/model/confidence-table.ts";
import { searchOptionsSchema } from "../../../shared/model/stage-options.ts";
import { expectSame, expectTrue, type Nonsense, strangeNumbers } from "./nonsense.ts";
import { childLimits, modelNonsense } from "./open-model.ts";

export async function openArchive(path: string, job: Job): Promise<Nonsense> {
  const project = await openProject(path, job, undefined, childLimits);
  const nonsense = projectNonsense(project);
  encodeProject(project);
  await search(project);
  return nonsense;

  /** A few plans, as the window evaluates them too. */
  async function search({ heads, tables, profiles }: Project): Promise<void> {
    const policies = [...tables.calibration.keys()];
    const [profile] = profiles;
    if (!profile || heads.length === 0 || policies.length === 0) return;
    const useCase = { latency: "mean", maxDropPp: 20 } as const;
    const options = {
      useCase,
      policies: policies.slice(0, 2),
      algorithm: "random",
      budget: 200,
      levels: 4,
      maxExits: 2,
    };
    const inputs = searchInputs(project, "calibration", profile);
    const started = startFrontSearch({
      inputs,
      options: searchOptionsSchema.parse({ ...options, compare: false }),
    });
    await started.advance(job);
    const front = await started.front(job);
    nonsense.push(...strangeNumbers(front, "the front found"));
  }
}

/** What a project's parts have to agree in. */
function projectNonsense({ backbone, heads, temperatures, tables, outputs, ...rest }: Project): Nonsense {
  const { summary, proto } = backbone;
  const cuts = new Set(summary.cutPoints.map(({ tensor }) => tensor));
  const { profiles, front, plans, design, references, data } = rest;
  const exits = [...plans, ...(design ? [design, ...design.pinned] : [])].flatMap((plan) => plan.exits);
  return [
    ...modelNonsense(summary, proto),
    ...heads.flatMap(({ cutPoint }, at) => expectTrue(cuts.has(cutPoint), `head ${at} is at no cut point`)),
    ...exits.flatMap(({ cutPoint }) => expectTrue(cuts.has(cutPoint), "an exit is at no cut point")),
    ...strangeNumbers({ heads: heads.map(({ macs, bytes }) => ({ macs, bytes })), temperatures }, "project"),
    ...strangeNumbers({ outputs, profiles, front, plans, design, references }, "project"),
    ...expectTrue(
      temperatures.every((value) => value > 0),
      "a temperature is not above zero",
    ),
    ...expectSame(temperatures.length, heads.length + 1, "the number of temperatures"),
    ...[...tables.calibration, ...tables.test].flatMap(([policy, table]) =>
      tableNonsense(table, heads.length, summary.output.classes, policy),
    ),
    ...(data ? expectSame(data.classNames.length, summary.output.classes, "the number of class names") : []),
  ];
}

function tableNonsense(table: ConfidenceTable, heads: number, classes: number, where: string): Nonsense {
  const { exits, confidence, correct, predicted, labels } = table;
  const isClass = (value: number) => value >= 0 && value < classes;
  return [
    ...expectSame(exits, heads, `${where}: the number of exits`),
    ...expectTrue(confidence.every(Number.isFinite), `${where}: a confidence is no number`),
    ...expectTrue(
      correct.every((value) => value <= 1),
      `${where}: correct holds more than 0 and 1`,
    ),
    ...expectTrue(predicted?.every(isClass) ?? true, `${where}: an answer is no class`),
    ...expectTrue(labels?.every(isClass) ?? true, `${where}: a label is no class`),
  ];
}
