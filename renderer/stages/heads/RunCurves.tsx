import { useMemo, useState } from "react";
import type { TrainingRun } from "../../../shared/files/training-run.ts";
import { headName } from "../../../shared/model/head-curve.ts";
import {
  type CurveMetric,
  curvePoints,
  meanPoints,
} from "../../../shared/presentation/progress/head-curves.ts";
import { useRuns } from "../../state/stages/training-runs.ts";
import controlStyles from "../../ui/control.module.css";
import { CurveFigure } from "./CurveFigure.tsx";
import type { Curve } from "./Curves.tsx";
import { dashes } from "./HeadCurves.tsx";
import { useHeadNames } from "./use-head-names.ts";

/** What is drawn of each run. */
const scopes = { mean: "mean of each run's heads", heads: "every head" } as const;

type RunScope = keyof typeof scopes;

/** Of runs in the order in which they are shown, as many as are shown at a time. */
const runColours = ["ours", "nsga2", "annealing", "schemes", "reference", "fifth"].map(
  (name) => `var(--series-${name})`,
);

/** How a run's lines are drawn among those of other runs. */
export function runLook(place: number): Pick<Curve, "colour" | "dash"> {
  return { colour: runColours[place % runColours.length], dash: dashes[place % dashes.length] };
}

interface RunCurvesProps {
  readonly runs: readonly TrainingRun[];
  readonly height: number;
}

/** Curves of several runs over each other, a colour and a dash for each run. */
export function RunCurves({ runs, height }: RunCurvesProps) {
  const [scope, setScope] = useState<RunScope>("mean");
  const metric = useRuns((state) => state.metric);
  const [shown, setShown] = useState<number>();
  const all = useMemo(() => runs.flatMap(({ heads }) => heads), [runs]);
  const nameOf = useHeadNames(all);
  const lines = useMemo(
    () =>
      runs.flatMap((run, place) =>
        scope === "mean" ? [meanLine(run, place, metric)] : headLines(run, place, metric, nameOf),
      ),
    [runs, scope, metric, nameOf],
  );
  const pointed = shown === undefined ? undefined : lines.at(shown);
  return (
    <CurveFigure
      curves={lines}
      height={height}
      shown={shown}
      onPoint={setShown}
      pointed={pointed}
      choice={
        <select
          aria-label="Lines of the curves"
          className={controlStyles.choice}
          value={scope}
          onChange={({ target }) => setScope(target.value as RunScope)}
        >
          {Object.entries(scopes).map(([id, title]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      }
      legend={
        scope === "mean"
          ? "Heads that stop early count with their last value."
          : "Lines of one colour are one run's heads."
      }
    />
  );
}

interface RunLine extends Curve {
  readonly name: string;
}

function meanLine(run: TrainingRun, place: number, metric: CurveMetric): RunLine {
  const label = `run ${run.number}`;
  return {
    key: label,
    name: `Mean of run ${run.number}`,
    points: meanPoints(run.heads, metric),
    label,
    width: 1.75,
    ...runLook(place),
  };
}

function headLines(
  { number, heads }: TrainingRun,
  place: number,
  metric: CurveMetric,
  nameOf: ReturnType<typeof useHeadNames>,
): RunLine[] {
  return heads.map((head) => ({
    key: `${number} ${headName(head)}`,
    name: `Run ${number} · ${nameOf(head)}`,
    points: curvePoints(head, metric),
    ...runLook(place),
  }));
}
