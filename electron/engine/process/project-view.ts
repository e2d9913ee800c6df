import { backboneFront } from "../../../shared/files/backbone-front.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { StageCache } from "../base/cache.ts";
import { trustOfTables } from "../calibrate/trust-of-tables.ts";
import { choiceTables } from "../project/choice-tables.ts";
import type { Project } from "../project/project.ts";
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
  const { backbone, preprocess, data, heads, temperatures, tables, front } = project;
  const [table] = choiceTables(project).values();
  return {
    ...origin,
    revision,
    backbone: backbone.summary,
    preprocess,
    data: data && { ...data, available: await isDataAvailable(data.path, cache) },
    heads: heads.map(({ cutPoint, kind, macs, bytes }, index) => ({
      cutPoint,
      kind,
      macs,
      bytes,
      temperature: temperatures[index],
    })),
    outputs: [...project.outputs],
    policies: [...tables.calibration.keys()],
    samples: table?.samples ?? 0,
    trust: trustOfTables(tables, data?.trainTrust) ?? null,
    profiles: [...project.profiles],
    members: project.members.map(({ backbone: { summary } }) => ({
      name: summary.name,
      sha256: summary.sha256,
    })),
    // The window designs on the backbone: plans through further networks stay in the project.
    front: (front && backboneFront(front)) ?? null,
    canGoOn: front !== undefined && pausedSearch(front) !== undefined,
    plans: project.plans.filter(({ chain }) => !chain),
    references: [...project.references],
  };
}
