import { axes, planPlace } from "../../../shared/presentation/chart/axes.ts";
import type { Domain } from "../../../shared/presentation/chart/chart-domain.ts";
import { namedPoints, planPoint } from "../../../shared/presentation/chart/named-points.ts";
import {
  type ParetoContent,
  type ParetoScene,
  paretoDomain,
  paretoScene,
} from "../../../shared/presentation/chart/pareto-scene.ts";
import { seriesLayers } from "../../../shared/presentation/chart/series-layers.ts";
import type { BackbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import { chartedPlans } from "../../../shared/presentation/plans/charted-plans.ts";
import { planSeries } from "../../../shared/presentation/plans/series.ts";
import type { ReportData } from "./report-data.ts";

/** What the report's chart shows, the same at every width. */
export interface ParetoChart {
  readonly content: ParetoContent;
  readonly domain: Domain;
}

/** Every front and scheme on the latency that the use case names, on the calibration split. */
export function paretoChart({ front, backbone: model, summary: { useCase } }: ReportData): ParetoChart {
  const { recommended } = front;
  const searched = front.useCase.latency;
  const axis = axes[searched];
  const backbone: BackbonePoint = {
    ...front.backbone,
    macs: model.macs,
    bytes: model.parameterBytes,
    peakActivationBytes: model.peakActivationBytes,
  };
  const series = planSeries(
    front.searches.map(({ algorithm }) => algorithm),
    front,
  );
  const plan = planPlace(recommended.figures, axis);
  const named = namedPoints(
    { backbone, references: front.references ?? [], pinned: [], best: null, guaranteed: null },
    axis,
  );
  const content: ParetoContent = {
    axis,
    log: false,
    backbone,
    useCase,
    layers: seriesLayers(chartedPlans(front, null), series, [], axis, searched),
    named: [...named, planPoint("chosen plan", plan)],
    plan,
  };
  return { content, domain: paretoDomain(content, "front") };
}

/** The chart laid out for a width. */
export function sceneAt({ content, domain }: ParetoChart, width: number): ParetoScene {
  const height = Math.round(width < 500 ? width * 0.95 : width * 0.66);
  return paretoScene(content, { width, height }, domain);
}
