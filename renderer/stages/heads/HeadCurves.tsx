import { useDeferredValue, useMemo, useState } from "react";
import { networkOf } from "../../../shared/files/project-view.ts";
import { type HeadCurve, headName } from "../../../shared/model/head-curve.ts";
import {
  type CurveMetric,
  curvePoints,
  depthsOf,
} from "../../../shared/presentation/progress/head-curves.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useRuns } from "../../state/stages/training-runs.ts";
import { CurveFigure } from "./CurveFigure.tsx";
import type { Curve } from "./Curves.tsx";
import styles from "./HeadCurves.module.css";
import { useHeadNames } from "./use-head-names.ts";

interface HeadCurvesProps {
  readonly curves: readonly HeadCurve[];
  readonly height: number;
}

/** How every head of a training learnt: one line each, coloured by how deep it sits. */
export function HeadCurves({ curves, height }: HeadCurvesProps) {
  const metric = useRuns((state) => state.metric);
  const [shown, setShown] = useState<number>();
  // While heads learn, new points come faster than many lines are drawn.
  const deferred = useDeferredValue(curves);
  const drawn = useDrawnHeads(deferred, metric);
  const nameOf = useHeadNames(deferred);
  const pointed = shown === undefined ? undefined : deferred.at(shown);
  return (
    <CurveFigure
      curves={drawn}
      height={height}
      shown={shown}
      onPoint={setShown}
      pointed={pointed && { name: nameOf(pointed), points: drawn[shown!].points }}
      legend={<Legend curves={deferred} />}
    />
  );
}

/** Sets kinds of head apart, in the order in which they come. */
export const dashes: readonly (string | undefined)[] = [undefined, "5 3", "2 2", "8 2 2 2"];

function kindsOf(curves: readonly HeadCurve[]): string[] {
  return [...new Set(curves.map(({ kind }) => kind))];
}

function useDrawnHeads(curves: readonly HeadCurve[], metric: CurveMetric): Curve[] {
  const project = useOpenProject();
  return useMemo(() => {
    const order = (network: string | undefined) =>
      networkOf(project, network)?.backbone.cutPoints.map(({ tensor }) => tensor) ?? [];
    const depths = depthsOf(curves, order);
    const kinds = kindsOf(curves);
    return curves.map((curve, index) => ({
      key: headName(curve),
      points: curvePoints(curve, metric),
      colour: depthColour(depths[index]),
      dash: dashes[kinds.indexOf(curve.kind) % dashes.length],
    }));
  }, [curves, metric, project]);
}

/** From the first cut point (0) to the last (1). */
function depthColour(depth: number): string {
  return `color-mix(in oklab, var(--series-ours) ${Math.round(100 * depth)}%, var(--series-nsga2))`;
}

function Legend({ curves }: Pick<HeadCurvesProps, "curves">) {
  const kinds = kindsOf(curves);
  return (
    <div className={styles.legend}>
      <span className={styles.key}>
        first cut
        <span className={styles.ramp} aria-hidden="true" />
        last cut
      </span>
      {kinds.length > 1 &&
        kinds.map((kind, index) => (
          <span key={kind} className={styles.key}>
            <svg width="24" height="8" aria-hidden="true">
              <line
                x1="0"
                x2="24"
                y1="4"
                y2="4"
                stroke="var(--ink-soft)"
                strokeWidth="1.5"
                strokeDasharray={dashes[index % dashes.length]}
              />
            </svg>
            {kind}
          </span>
        ))}
    </div>
  );
}
