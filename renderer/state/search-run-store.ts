import type { z } from "zod";
import { create } from "zustand";
import type { Channels, SearchProgress } from "../../shared/ipc/channels.ts";
import type { SearchOptions } from "../../shared/model/stage-options.ts";
import {
  type HypervolumeHistory,
  withProgress,
  withResults,
} from "../../shared/presentation/hypervolume-history.ts";
import { type EvaluatedPairs, joinedPairs } from "./evaluated-points.ts";
import { useJobs } from "./job-store.ts";
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
}

export type SearchRequest = Readonly<z.output<Channels["project.search"]["request"]>>;

const nothing = {
  evaluatedBy: new Map<string, Float32Array>(),
  evaluated: new Float32Array(),
  standing: null,
};

export const useSearchRun = create<SearchRunState>()(() => ({
  fronts: null,
  history: new Map(),
  ...nothing,
  request: null,
}));

/** Whoever started it, a search that begins forgets the last one. */
function begin(): void {
  useSearchRun.setState({ fronts: new Map(), history: new Map(), ...nothing });
}

/** How long the finished front may take from the end of the job to the project, ms. */
const handoverMs = 60;

/** Shows the finished fronts. A search that was stopped before there was any keeps what it found. */
function end(): void {
  const front = useProject.getState().project?.front;
  if (front && !useJobs.getState().search) useSearchRun.setState({ fronts: null });
}

function take(progress: SearchProgress): void {
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

useJobs.subscribe(({ search: job }, { search: before }) => {
  if (job && !before) begin();
  if (!job && before) setTimeout(end, handoverMs);
  if (job?.search && job.search !== before?.search) take(job.search);
});

useProject.subscribe(({ project }, { project: before }) => {
  const front = project?.front ?? null;
  const isOther = project?.backbone.sha256 !== before?.backbone.sha256;
  if (isOther)
    useSearchRun.setState({
      fronts: null,
      history: front ? withResults(new Map(), front) : new Map(),
      ...nothing,
    });
  else if (front && front !== before?.front)
    useSearchRun.setState(({ history }) => ({ fronts: null, history: withResults(history, front) }));
});
