import { create } from "zustand";
import { AppError } from "../../shared/base/errors.ts";
import { samePlainData } from "../../shared/base/plain-data.ts";
import type { NetworkTables } from "../../shared/files/project-spaces.ts";
import { type NetworkView, networkViews, type ProjectView } from "../../shared/files/project-view.ts";
import { searchedSecondTarget } from "../../shared/files/searched-targets.ts";
import type { Opened, TableView } from "../../shared/ipc/channels.ts";
import { type Design, designWithout, emptyDesign } from "../../shared/model/design.ts";
import type { PartitionedPlan } from "../../shared/model/plan.ts";
import { call } from "./call.ts";
import { replaceDesign, useDesign } from "./design-store.ts";

type Tables = ReadonlyMap<string, TableView>;

interface ProjectState extends NetworkTables<TableView> {
  readonly project: ProjectView | null;
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
  memberTables: new Map(),
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

/** A network's confidence tables by policy. @param member its SHA-256; the backbone if absent */
export function tablesOf({ tables, memberTables }: NetworkTables<TableView>, member?: string): Tables {
  return member === undefined ? tables : (memberTables.get(member) ?? noTables);
}

const noTables: Tables = new Map();

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
  const tables = await loadAllTables(project, nothingKnown);
  const shown = design ?? { ...emptyDesign, ...startingDesign(project) };
  replaceDesign(shown);
  useProject.setState(({ document }) => ({
    project,
    ...tables,
    opening: null,
    savedDesign: shown,
    stagesChanged: false,
    document: document + 1,
  }));
}

export function showClosed(): void {
  useProject.setState(({ document }) => ({
    project: null,
    ...nothingKnown,
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

/** The project's data set has gone from its place, or is there again. */
export function showDataAvailable(path: string, available: boolean): void {
  const { project } = useProject.getState();
  if (project?.data?.path !== path || project.data.available === available) return;
  useProject.setState({ project: { ...project, data: { ...project.data, available } } });
}

function startingDesign(project: ProjectView): Partial<Design> {
  const { front, plans } = project;
  const { exits, chain, cut, cutMember }: PartitionedPlan = plans[0] ?? front?.recommended ?? { exits: [] };
  if (!front) return { exits: [...exits], chain };
  const second = searchedSecondTarget(front, project);
  return {
    exits: [...exits],
    chain,
    useCase: front.useCase,
    target: front.profile,
    offload: second && { ...second, cut, cutMember },
  };
}

/**
 * Shows what a stage has changed. New heads of a network make new tables, and plans that go through it no longer fit; a
 * further policy makes a further table, and a search that chooses on other samples tables of these.
 */
export async function showChanged(project: ProjectView): Promise<void> {
  const before = useProject.getState();
  const changed = changedNetworks(before.project, project);
  const tables = await loadAllTables(project, withoutNetworks(before, before.project, changed));
  useProject.setState({ project, ...tables, stagesChanged: true });
  if (before.project && changed.length > 0)
    replaceDesign(designWithout(useDesign.getState(), before.project.backbone.sha256, changed));
}

/** Shows what a new engine has opened again; it may be a step older than what was shown. */
export async function showReopened(project: ProjectView): Promise<void> {
  const before = useProject.getState();
  const isSame = before.project && changedNetworks(before.project, project).length === 0;
  if (isSame && areAllTablesOf(before, project)) useProject.setState({ project });
  else await showChanged(project);
}

function headsKey({ backbone, heads }: NetworkView): string {
  return JSON.stringify([backbone.sha256, heads]);
}

/** SHA-256 of the networks that are gone or have other heads. */
function changedNetworks(before: ProjectView | null, after: ProjectView): string[] {
  const kept = new Set(networkViews(after).map(headsKey));
  return networkViews(before)
    .filter((network) => !kept.has(headsKey(network)))
    .map(({ backbone }) => backbone.sha256);
}

const nothingKnown: NetworkTables<TableView> = { tables: new Map(), memberTables: new Map() };

/** The tables that still hold. */
function withoutNetworks(
  { tables, memberTables }: NetworkTables<TableView>,
  project: ProjectView | null,
  changed: readonly string[],
): NetworkTables<TableView> {
  const isBackbone = project !== null && changed.includes(project.backbone.sha256);
  return {
    tables: isBackbone ? nothingKnown.tables : tables,
    memberTables: new Map([...memberTables].filter(([sha256]) => !changed.includes(sha256))),
  };
}

function areAllTablesOf(known: NetworkTables<TableView>, project: ProjectView): boolean {
  return (
    areTablesOf(known.tables, project) &&
    known.memberTables.size === project.members.length &&
    project.members.every(({ backbone }) => areTablesOf(tablesOf(known, backbone.sha256), project))
  );
}

/** @param known tables that still hold; the very same maps where nothing is missing from them */
async function loadAllTables(
  project: ProjectView,
  known: NetworkTables<TableView>,
): Promise<NetworkTables<TableView>> {
  const { tables, memberTables } = known;
  if (areAllTablesOf(known, project)) return { tables, memberTables };
  const loaded = new Map<string, Tables>();
  for (const { backbone } of project.members) {
    const { sha256 } = backbone;
    loaded.set(sha256, await loadTables(project, tablesOf(known, sha256), sha256));
  }
  return { tables: await loadTables(project, tables), memberTables: loaded };
}

function areTablesOf(tables: Tables, { policies, samples }: ProjectView): boolean {
  const isSame = String([...tables.keys()]) === String(samples === 0 ? [] : policies);
  return isSame && [...tables.values()].every((table) => table.samples === samples);
}

/** @param known tables that still hold; the very same map if nothing is missing from it */
async function loadTables(project: ProjectView, known: Tables, member?: string): Promise<Tables> {
  if (areTablesOf(known, project)) return known;
  const tables = new Map<string, TableView>();
  for (const policy of project.policies) {
    const own = known.get(policy);
    const holds = own?.samples === project.samples;
    tables.set(policy, holds ? own : await call("project.table", { policy, member }));
  }
  return tables;
}

/** Whether leaving now would lose something. */
export function isEdited(): boolean {
  const { project, savedDesign, stagesChanged } = useProject.getState();
  return project !== null && (stagesChanged || !samePlainData(useDesign.getState(), savedDesign));
}
