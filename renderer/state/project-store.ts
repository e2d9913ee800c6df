import { create } from "zustand";
import { AppError } from "../../shared/base/errors.ts";
import { samePlainData } from "../../shared/base/plain-data.ts";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { searchedSecondTarget } from "../../shared/files/searched-targets.ts";
import type { Opened, TableView } from "../../shared/ipc/channels.ts";
import { type Design, emptyDesign } from "../../shared/model/design.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { call } from "./call.ts";
import { replaceDesign, useDesign } from "./design-store.ts";

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
  /** Another number is another document: counts what was opened and closed, not what stages or saving have changed. */
  readonly document: number;
}

export const useProject = create<ProjectState>()(() => ({
  project: null,
  tables: new Map(),
  opening: null,
  savedDesign: emptyDesign,
  stagesChanged: false,
  document: 0,
}));

/** Of the project that is open, for what shows only while one is. */
export function useOpenProject(): ProjectView;
export function useOpenProject<Part>(select: (project: ProjectView) => Part): Part;
export function useOpenProject(select: (project: ProjectView) => unknown = (project) => project): unknown {
  return useProject(({ project }) => {
    if (!project) throw new AppError("internal", "no project is open");
    return select(project);
  });
}

export function hasProject(): boolean {
  return useProject.getState().project !== null;
}

/** What files that are saved from here are called after. */
export function projectName(): string {
  return useProject.getState().project?.name ?? "offramp";
}

/** Calls back when another file is opened or the last one closed. */
export function onDocument(listener: (project: ProjectView | null) => void): void {
  useProject.subscribe(({ project, document }, before) => {
    if (document !== before.document) listener(project);
  });
}

/** @param what is being opened; null when that has ended */
export function showOpening(what: string | null): void {
  useProject.setState({ opening: what });
}

/** Shows what the engine has opened. Without a design of its own the recommended plan is the live one. */
export async function showOpened({ project, design }: Opened): Promise<void> {
  const tables = await loadTables(project, new Map());
  const shown = design ?? { ...emptyDesign, ...startingDesign(project) };
  replaceDesign(shown);
  useProject.setState(({ document }) => ({
    project,
    tables,
    opening: null,
    savedDesign: shown,
    stagesChanged: false,
    document: document + 1,
  }));
}

export function showClosed(): void {
  useProject.setState(({ document }) => ({
    project: null,
    tables: new Map(),
    stagesChanged: false,
    document: document + 1,
  }));
}

/** The project is in a file now, with this design. */
export function showSaved(projectPath: string, name: string, savedDesign: Design): void {
  const { project } = useProject.getState();
  if (project)
    useProject.setState({ project: { ...project, projectPath, name }, savedDesign, stagesChanged: false });
}

/** What is shown is in no file. */
export function showUnsaved(): void {
  useProject.setState({ stagesChanged: true });
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
 * makes a further table, and a search that chooses on other samples tables of these.
 */
export async function showChanged(project: ProjectView): Promise<void> {
  const before = useProject.getState();
  const sameHeads = before.project !== null && headsKey(before.project) === headsKey(project);
  const tables = await loadTables(project, sameHeads ? before.tables : new Map());
  useProject.setState({ project, tables, stagesChanged: true });
  if (!sameHeads) replaceDesign({ ...useDesign.getState(), exits: [], pinned: [] });
}

/** Shows what a new engine has opened again; it may be a step older than what was shown. */
export async function showReopened(project: ProjectView): Promise<void> {
  const { project: before, tables } = useProject.getState();
  const sameTables = before && headsKey(before) === headsKey(project) && areTablesOf(tables, project);
  if (sameTables) useProject.setState({ project });
  else await showChanged(project);
}

function headsKey({ backbone, heads }: ProjectView): string {
  return JSON.stringify([backbone.sha256, heads]);
}

type Tables = ReadonlyMap<string, TableView>;

function areTablesOf(tables: Tables, { policies, samples }: ProjectView): boolean {
  const isSame = String([...tables.keys()]) === String(samples === 0 ? [] : policies);
  return isSame && [...tables.values()].every((table) => table.samples === samples);
}

/** @param known tables that still hold; the very same map if nothing is missing from it */
async function loadTables(project: ProjectView, known: Tables): Promise<Tables> {
  if (areTablesOf(known, project)) return known;
  const tables = new Map<string, TableView>();
  for (const policy of project.policies) {
    const own = known.get(policy);
    const holds = own?.samples === project.samples;
    tables.set(policy, holds ? own : await call("project.table", { policy }));
  }
  return tables;
}

/** Whether leaving now would lose something. */
export function isEdited(): boolean {
  const { project, savedDesign, stagesChanged } = useProject.getState();
  return project !== null && (stagesChanged || !samePlainData(useDesign.getState(), savedDesign));
}
