import { create } from "zustand";
import type { TrainingRun } from "../../../shared/files/training-run.ts";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import { schemaFields } from "../../../shared/model/schema-fields.ts";
import type { CurveMetric } from "../../../shared/presentation/progress/head-curves.ts";
import { useEngine } from "../engine-store.ts";
import { notify } from "../notice-store.ts";
import { useProject } from "../project-store.ts";
import { closeDialog, openHeads } from "../view-store.ts";
import { changeLearning } from "./data-form.ts";
import { changeHeads } from "./heads-form.ts";

interface RunsState {
  readonly metric: CurveMetric;
  /** Numbers of the runs whose curves are laid over each other; null for the latest alone. */
  readonly chosen: readonly number[] | null;
}

const start: RunsState = { metric: "accuracy", chosen: null };

export const useRuns = create<RunsState>()(() => start);

export function resetRuns(): void {
  useRuns.setState(start);
}

export function showMetric(metric: CurveMetric): void {
  useRuns.setState({ metric });
}

/** Runs whose curves are shown at a time, as many as can be told apart. */
export const maxShownRuns = 6;

/** The runs that are shown, in the project's order. */
export function shownRuns(
  runs: readonly TrainingRun[],
  { chosen }: Pick<RunsState, "chosen">,
): readonly TrainingRun[] {
  return chosen === null ? runs.slice(-1) : runs.filter(({ number }) => chosen.includes(number));
}

/** Shows the curves of a run, or no longer. */
export function toggleRun(number: number): void {
  const runs = useProject.getState().project?.runs ?? [];
  const shown = shownRuns(runs, useRuns.getState()).map((run) => run.number);
  const chosen = shown.includes(number) ? shown.filter((other) => other !== number) : [...shown, number];
  useRuns.setState({ chosen });
}

export function hasRuns(): boolean {
  return (useProject.getState().project?.runs.length ?? 0) > 0;
}

/** Puts a run's options into the form, ready to be changed and trained. */
export function takeRunOptions({ number, options: { heads, training } }: TrainingRun): void {
  const { offers } = useEngine.getState();
  if (!offers) return;
  const known = heads.filter(({ kind }) => offers.headKinds.some(({ id }) => id === kind));
  changeHeads({
    kinds: known.map(({ kind }) => kind),
    options: Object.fromEntries(
      known.map(({ kind, options }) => [kind, knownOptions(kind, options, offers)]),
    ),
    training,
  });
  changeLearning(known.length > 0);
  closeDialog();
  openHeads("heads");
  const unknown = heads.filter((head) => !known.includes(head)).map(({ kind }) => kind);
  if (unknown.length === 0) notify(`The form has the options of run ${number}.`, "good");
  else notify(`The form has the options of run ${number} but for heads unknown here: ${unknown.join(", ")}.`);
}

/** Those that this version's kind of head takes. */
function knownOptions(
  kind: string,
  options: Readonly<Record<string, unknown>>,
  { headKinds }: EngineView,
): Record<string, unknown> {
  const offered = headKinds.find(({ id }) => id === kind);
  const keys = offered ? schemaFields(offered.options).map(({ key }) => key) : [];
  return Object.fromEntries(Object.entries(options).filter(([key]) => keys.includes(key)));
}
