import type { z } from "zod";
import { create } from "zustand";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { Channels, SearchProgress } from "../../shared/ipc/channels.ts";
import type { SearchOptions } from "../../shared/model/stage-options.ts";
import { type EvaluatedPairs, joinedPairs } from "../../shared/presentation/chart/evaluated-pairs.ts";
import {
  type HypervolumeHistory,
  withProgress,
  withResults,
} from "../../shared/presentation/progress/hypervolume-history.ts";
import { useProject } from "./project-store.ts";

/** What is known of the search under way, and of the last one until another project is opened. */
interface SearchRunState {
  /** Fronts of the search under way or stopped, by algorithm in the order that they ran; null when the project's are shown. */
  readonly fronts: ReadonlyMap<string, SearchProgress["front"]> | null;
  readonly history: HypervolumeHistory;
  readonly evaluatedBy: EvaluatedPairs;
  /** All of `evaluatedBy` in one. */
  readonly evaluated: Float32Array;
  /** Of the chosen algorithm in the search under way; null until something is known of it. */
  readonly standing: { readonly gap?: number; readonly goal?: SearchOptions["goal"] } | null;
  /** What was asked for last. */
  readonly request: SearchRequest | null;
  /** The project's revision that holds what was found last, until that is shown. */
  readonly endedIn: number | null;
}

export type SearchRequest = Readonly<z.output<Channels["project.search"]["request"]>>;

const nothing = {
  evaluatedBy: new Map<string, Float32Array>(),
  evaluated: new Float32Array(),
  standing: null,
  endedIn: null,
};

export const useSearchRun = create<SearchRunState>()(() => ({
  fronts: null,
  history: new Map(),
  ...nothing,
  request: null,
}));

/** A search that begins forgets the last one. */
export function beginSearch(request: SearchRequest): void {
  useSearchRun.setState({ fronts: new Map(), history: new Map(), ...nothing, request });
}

export function takeProgress(progress: SearchProgress): void {
  const { fronts, history, evaluatedBy, standing, request } = useSearchRun.getState();
  const isChosen = progress.algorithm === request?.options.algorithm;
  const pairs = new Map(evaluatedBy).set(progress.algorithm, progress.evaluated);
  useSearchRun.setState({
    fronts: new Map(fronts).set(progress.algorithm, progress.front),
    history: withProgress(history, progress),
    evaluatedBy: pairs,
    evaluated: joinedPairs(pairs),
    standing: isChosen ? { gap: progress.gap, goal: request.options.goal } : standing,
  });
}

/**
 * The fronts that it found stay until the project that holds them is shown.
 * @param revision of that project; undefined if the search ended without a result: then the project's own are shown
 * again, and what it found stays if there are none
 */
export function endSearch(revision?: number): void {
  const { project } = useProject.getState();
  if (revision !== undefined) {
    useSearchRun.setState({ endedIn: revision });
    showFoundIn(project);
  } else useSearchRun.setState(({ fronts }) => ({ fronts: project?.front ? null : fronts, endedIn: null }));
}

/** Shows the finished fronts as soon as their project is there. */
export function showFoundIn(project: ProjectView | null): void {
  const { endedIn } = useSearchRun.getState();
  if (!project?.front || endedIn === null || project.revision < endedIn) return;
  const { front } = project;
  useSearchRun.setState(({ history }) => ({
    fronts: null,
    endedIn: null,
    history: withResults(history, front),
  }));
}

/** What is known of the searches of another project: their results. */
export function showSearchesOf(project: ProjectView | null): void {
  const history = project?.front ? withResults(new Map(), project.front) : new Map();
  useSearchRun.setState({ fronts: null, history, ...nothing, request: null });
}
