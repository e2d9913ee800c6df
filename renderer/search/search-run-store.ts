import { create } from "zustand";
import type { UseCase } from "../../shared/domain/use-case.ts";
import type { SearchProgress } from "../../shared/ipc/channels.ts";
import { useJobs } from "../stores/job-store.ts";
import { useProject } from "../stores/project-store.ts";
import { withEvaluated } from "./evaluated-points.ts";
import { type HypervolumeHistory, withProgress, withResults } from "./hypervolume-history.ts";

/** What is known of the search under way, and of the last one until another project is opened. */
interface SearchRunState {
  /** Fronts of the search under way, by algorithm in the order that they ran; null when none runs. */
  readonly fronts: ReadonlyMap<string, SearchProgress["front"]> | null;
  readonly history: HypervolumeHistory;
  /** Pairs of accuracy and latency (ms). */
  readonly evaluated: Float32Array;
  /** What the latencies of `evaluated` are. */
  readonly latency: UseCase["latency"];
  /** Index of the profile that was searched on. */
  readonly target: number;
}

const nothing = new Float32Array();

export const useSearchRun = create<SearchRunState>()(() => ({
  fronts: null,
  history: new Map(),
  evaluated: nothing,
  latency: "mean",
  target: 0,
}));

/** Forgets the last search, because another one starts. */
export function beginSearchRun(latency: UseCase["latency"], target: number): void {
  useSearchRun.setState({ fronts: new Map(), history: new Map(), evaluated: nothing, latency, target });
}

/** Shows the finished fronts from here on. */
export function endSearchRun(): void {
  useSearchRun.setState({ fronts: null });
  const front = useProject.getState().project?.front;
  if (front) useSearchRun.setState(({ history }) => ({ history: withResults(history, front) }));
}

function take(progress: SearchProgress): void {
  const { fronts, history, evaluated } = useSearchRun.getState();
  if (!fronts) return;
  useSearchRun.setState({
    fronts: new Map(fronts).set(progress.algorithm, progress.front),
    history: withProgress(history, progress),
    evaluated: withEvaluated(evaluated, progress.evaluated),
  });
}

useJobs.subscribe(({ search: job }, { search: before }) => {
  if (job?.search && job.search !== before?.search) take(job.search);
});

let shownBackbone: string | undefined;

useProject.subscribe(({ project }) => {
  const backbone = project?.backbone.sha256;
  if (backbone === shownBackbone) return;
  shownBackbone = backbone;
  useSearchRun.setState({
    fronts: null,
    history: project?.front ? withResults(new Map(), project.front) : new Map(),
    evaluated: nothing,
  });
});
