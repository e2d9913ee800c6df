import type { NetworkView, ProjectView } from "../../../shared/files/project-view.ts";
import type { StageCache } from "../base/cache.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import { choiceTables } from "../project/choice-tables.ts";
import type { CalibratedModel, Member, Project } from "../project/project.ts";
import { pausedSearch } from "./paused-search.ts";
import { isDataAvailable } from "./project-data.ts";

/** Where the open project came from, and where it was saved last. */
export interface Origin {
  readonly name: string;
  readonly projectPath: string | null;
  readonly modelPath: string | null;
}

/**
 * What the window sees of a project: everything but tensors.
 * @param revision how often what is open has changed
 */
export async function viewProject(
  project: Project,
  origin: Origin,
  revision: number,
  cache: StageCache,
): Promise<ProjectView> {
  const { data, tables, front } = project;
  const [table] = choiceTables(project).values();
  return {
    ...origin,
    revision,
    ...viewNetwork(project),
    data: data && { ...data, available: await isDataAvailable(data.path, cache) },
    policies: [...tables.calibration.keys()],
    samples: table?.samples ?? 0,
    trust: trustOfTables(tables, data?.trainTrust) ?? null,
    profiles: [...project.profiles],
    members: project.members.map((member) =>
      viewNetwork({ ...member, preprocess: project.preprocess && member.preprocess }),
    ),
    front: front ?? null,
    canGoOn: front !== undefined && pausedSearch(front) !== undefined,
    plans: [...project.plans],
    references: [...project.references],
    searches: [...project.searches],
    robustness: project.robustness ?? null,
    runs: [...project.runs],
  };
}

function viewNetwork({
  backbone,
  preprocess,
  heads,
  temperatures,
  outputs,
  tunedFrom,
}: CalibratedModel & Pick<Project, "preprocess"> & Pick<Member, "tunedFrom">): NetworkView {
  return {
    backbone: backbone.summary,
    preprocess,
    heads: heads.map(({ cutPoint, kind, macs, bytes }, index) => ({
      cutPoint,
      kind,
      macs,
      bytes,
      temperature: temperatures[index],
    })),
    outputs: [...outputs],
    tunedFrom,
  };
}
