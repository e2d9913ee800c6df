import { frontMeasure } from "../../../shared/model/use-case.ts";
import { axes, planPlace } from "../../../shared/presentation/chart/axes.ts";
import type { Domain } from "../../../shared/presentation/chart/chart-domain.ts";
import { type Named, namedPoints, planPoint } from "../../../shared/presentation/chart/named-points.ts";
import {
  type ParetoContent,
  type ParetoScene,
  paretoDomain,
  paretoScene,
} from "../../../shared/presentation/chart/pareto-scene.ts";
import { seriesLayers } from "../../../shared/presentation/chart/series-layers.ts";
import { type BackbonePoint, backboneFigures } from "../../../shared/presentation/plans/backbone-point.ts";
import { chartedPlans } from "../../../shared/presentation/plans/charted-plans.ts";
import { planSeries } from "../../../shared/presentation/plans/series.ts";
import { networkTitlesOf, type ReportData } from "./report-data.ts";

/** What the report's chart shows, the same at every width. */
export interface ParetoChart {
  readonly content: ParetoContent;
  readonly domain: Domain;
}

/** Every front and scheme on the latency that the use case names, on the calibration split. */
export function paretoChart(data: ReportData): ParetoChart {
  const { front, backbone: model, summary } = data;
  const { useCase } = summary;
  const titles = networkTitlesOf(data);
  const { recommended } = front;
  const searched = frontMeasure(front.useCase);
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
    {
      backbone,
      networks: networksAlone(data),
      references: front.references ?? [],
      pinned: [],
      best: null,
      guaranteed: null,
      titles,
    },
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
    titles,
  };
  return { content, domain: paretoDomain(content, "front") };
}

/** The further networks, each by itself; none whose accuracy on the samples of the chart isn't known. */
export function networksAlone({ summary, members = [] }: ReportData): NonNullable<Named["networks"]> {
  return (summary.networks ?? []).flatMap(({ sha256, calibrationAccuracy: accuracy, latencyMs, macs }) => {
    const own = members.find((member) => member.sha256 === sha256);
    if (!own || accuracy === undefined) return [];
    const point = { accuracy, latencyMs: latencyMs.mean, macs, bytes: own.parameterBytes };
    return [{ sha256, figures: backboneFigures(point) }];
  });
}

/** The chart laid out for a width. */
export function sceneAt({ content, domain }: ParetoChart, width: number): ParetoScene {
  const height = Math.round(width < 500 ? width * 0.95 : width * 0.66);
  return paretoScene(content, { width, height }, domain);
}
