import { create } from "zustand";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Opened, TableView } from "../../shared/ipc/channels.ts";
import type { Design } from "../../shared/model/design.ts";
import { emptyDesign } from "../../shared/model/design.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { call } from "./call.ts";
import { designOf, replaceDesign, useDesign } from "./design-store.ts";
import { searchedSecondTarget } from "./searched-targets.ts";

interface ProjectState {
  readonly project: ProjectView | null;
  /** Calibration tables by policy; all or none. */
  readonly tables: ReadonlyMap<string, TableView>;
  /** Whether something is being opened. */
  readonly opening: string | null;
  /** The design as last saved or opened, to know whether there are changes. */
  readonly savedDesign: Design;
  /** Whether stages have changed the project since it was saved or opened. */
  readonly stagesChanged: boolean;
}

export const useProject = create<ProjectState>()(() => ({
  project: null,
  tables: new Map(),
  opening: null,
  savedDesign: emptyDesign,
  stagesChanged: false,
}));

/** Shows what the engine has opened. Without a design of its own the recommended plan is the live one. */
export async function showOpened({ project, design }: Opened): Promise<void> {
  const tables = await loadTables(project, new Map());
  const shown = design ?? { ...emptyDesign, ...startingDesign(project) };
  replaceDesign(shown);
  useProject.setState({ project, tables, opening: null, savedDesign: shown, stagesChanged: false });
}

function startingDesign(project: ProjectView): Partial<Design> {
  const { front, plans } = project;
  const { exits, cut }: PartitionedPlan = plans[0] ?? front?.recommended ?? { exits: [] };
  if (!front) return { exits: [...exits] };
  const second = searchedSecondTarget(front, project);
  return {
    exits: [...exits],
    useCase: front.useCase,
    target: front.profile,
    offload: second && { ...second, cut },
  };
}

/**
 * Shows what a stage has changed. New heads make new tables, and plans of the old ones no longer fit; a further policy
 * makes a further table.
 */
export async function showChanged(project: ProjectView): Promise<void> {
  const before = useProject.getState();
  const sameHeads = before.project !== null && headsKey(before.project) === headsKey(project);
  const tables = await loadTables(project, sameHeads ? before.tables : new Map());
  useProject.setState({ project, tables, stagesChanged: true });
  if (!sameHeads) replaceDesign({ ...designOf(useDesign.getState()), exits: [], pinned: [] });
}

/** Shows what a new engine has opened again; it may be a step older than what was shown. */
export async function showReopened(project: ProjectView): Promise<void> {
  const { project: before, tables } = useProject.getState();
  const sameTables = before && headsKey(before) === headsKey(project) && areTablesOf(tables, project);
  if (sameTables) useProject.setState({ project });
  else await showChanged(project);
}

function headsKey({ backbone, heads, samples }: ProjectView): string {
  return JSON.stringify([backbone.sha256, heads, samples]);
}

type Tables = ReadonlyMap<string, TableView>;

function areTablesOf(tables: Tables, { policies, samples }: ProjectView): boolean {
  return String([...tables.keys()]) === String(samples === 0 ? [] : policies);
}

/** @param known tables that still hold; the very same map if nothing is missing from it */
async function loadTables(project: ProjectView, known: Tables): Promise<Tables> {
  if (areTablesOf(known, project)) return known;
  const tables = new Map<string, TableView>();
  for (const policy of project.policies)
    tables.set(policy, known.get(policy) ?? (await call("project.table", { policy })));
  return tables;
}

/** Whether leaving now would lose something. */
export function isEdited(): boolean {
  const { project, savedDesign, stagesChanged } = useProject.getState();
  return (
    project !== null &&
    (stagesChanged || JSON.stringify(designOf(useDesign.getState())) !== JSON.stringify(savedDesign))
  );
}
