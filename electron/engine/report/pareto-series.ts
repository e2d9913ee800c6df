import type { ChartedPlan, SearchRecord } from "../../../shared/files/front-file.ts";
import { algorithmMark, type MarkStyle, ourMark, schemeMark } from "./chart-mark.ts";
import type { ReportData } from "./report-data.ts";
import { algorithmTitle, schemeTitle } from "./titles.ts";

/** Points of one origin on the Pareto chart, by rising latency. */
export interface ParetoSeries {
  readonly title: string;
  readonly kind: "ours" | "alternative" | "scheme";
  readonly mark: MarkStyle;
  readonly plans: readonly ChartedPlan[];
}

/** The record of the search whose front the plan was taken from. */
export function recommendingSearch({ front, summary }: ReportData): SearchRecord | undefined {
  return front.searches.find(({ algorithm }) => algorithm === summary.search.algorithm) ?? front.searches[0];
}

/** Every front and scheme, ours first. */
export function paretoSeries(data: ReportData): ParetoSeries[] {
  const ours = recommendingSearch(data);
  const alternatives = data.front.searches.filter((search) => search !== ours);
  return [
    ...(ours ? [series(algorithmTitle(ours.algorithm), "ours", ourMark, ours.front)] : []),
    ...alternatives.map(({ algorithm, front }) =>
      series(algorithmTitle(algorithm), "alternative", algorithmMark(algorithm), front),
    ),
    ...data.front.schemes.map(({ scheme, plans }) =>
      series(schemeTitle(scheme), "scheme", schemeMark(scheme), plans),
    ),
  ];
}

function series(
  title: string,
  kind: ParetoSeries["kind"],
  mark: MarkStyle,
  plans: readonly ChartedPlan[],
): ParetoSeries {
  return { title, kind, mark, plans: [...plans].sort((a, b) => a.latencyMs - b.latencyMs) };
}
