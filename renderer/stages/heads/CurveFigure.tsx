import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { formatPercent } from "../../../shared/base/format-number.ts";
import {
  type CurveMetric,
  type CurvePoint,
  curveMetrics,
} from "../../../shared/presentation/progress/head-curves.ts";
import { curveDomain } from "../../../shared/presentation/progress/tuning-curves.ts";
import { showMetric, useRuns } from "../../state/stages/training-runs.ts";
import controlStyles from "../../ui/control.module.css";
import layoutStyles from "../../ui/layout.module.css";
import textStyles from "../../ui/text.module.css";
import ownStyles from "./CurveFigure.module.css";
import styles from "./Curves.module.css";
import { accuracyFormat, type Curve, Curves } from "./Curves.tsx";

interface CurveFigureProps {
  readonly curves: readonly Curve[];
  readonly height: number;
  readonly shown: number | undefined;
  onPoint(curve: number | undefined): void;
  /** What the pointer is at. */
  readonly pointed?: { readonly name: string; readonly points: readonly CurvePoint[] };
  readonly legend: ReactNode;
  /** A further choice beside that of the figure. */
  readonly choice?: ReactNode;
}

const metrics = Object.keys(curveMetrics) as CurveMetric[];

/** Lines of one figure of heads, which can be changed for another. */
export function CurveFigure({ curves, height, shown, onPoint, pointed, legend, choice }: CurveFigureProps) {
  const metric = useRuns((state) => state.metric);
  const { title, hint, least, most } = curveMetrics[metric];
  const points = curves.flatMap((curve) => curve.points);
  const values = points.map(({ value }) => value);
  const domain = curveDomain(values.length > 0 ? values : [0, most === 1 ? 1 : least], least, most);
  const last = Math.max(2, ...points.map(({ epoch }) => epoch));
  return (
    <figure className={styles.figure} aria-label="Learning curves">
      <figcaption className={layoutStyles.spread}>
        <div className={layoutStyles.row}>
          <select
            aria-label="Figure of the curves"
            className={controlStyles.choice}
            value={metric}
            onChange={({ target }) => showMetric(target.value as CurveMetric)}
          >
            {metrics.map((id) => (
              <option key={id} value={id}>
                {curveMetrics[id].title}
              </option>
            ))}
          </select>
          {choice}
        </div>
        <span className={styles.caption}>by epoch</span>
      </figcaption>
      <Curves
        curves={curves}
        epochs={[1, last]}
        domain={domain}
        height={height}
        shown={shown}
        format={metric === "accuracy" ? accuracyFormat(domain) : scaleLinear(domain, [0, 1]).tickFormat(4)}
        onPoint={onPoint}
      />
      <div className={styles.caption}>{legend}</div>
      <p className={`${textStyles.note} ${ownStyles.readout}`}>
        {pointed ? `${pointed.name}: ${reading(pointed.points, metric)}` : `${title}: ${hint}.`}
      </p>
    </figure>
  );
}

/** Where a line has come to, and what was best. */
function reading(points: readonly CurvePoint[], metric: CurveMetric): string {
  const last = points.at(-1);
  if (!last) return "nothing yet";
  const isShare = metric === "accuracy";
  const text = (value: number) => (isShare ? formatPercent(value) : value.toPrecision(3));
  const values = points.map(({ value }) => value);
  const best = isShare ? Math.max(...values) : Math.min(...values);
  const after = `${text(last.value)} after epoch ${last.epoch}`;
  return best === last.value ? after : `${after}, at best ${text(best)}`;
}
