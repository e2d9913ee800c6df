import { create } from "zustand";
import { type AxisId, axes } from "../../shared/presentation/chart/axes.ts";
import type { Domain } from "../../shared/presentation/chart/chart-domain.ts";
import { pastMarks } from "../../shared/presentation/drawing/marks.ts";
import type { ChartedPlan } from "../../shared/presentation/plans/charted-plans.ts";
import { type Brush, noBrush } from "./brush.ts";
import { changeSettings, useSettings } from "./settings-store.ts";
import { hover } from "./view-store.ts";

/** What the person chooses for the chart, kept between runs. */
export interface ChartChoices {
  readonly axis: AxisId;
  readonly log: boolean;
  /** Ids of series that are switched off. */
  readonly hidden: readonly string[];
}

const remembered = "chart.choices";
const defaultChoices: ChartChoices = { axis: "mean", log: false, hidden: [] };

function choicesIn(views: Readonly<Record<string, unknown>>): ChartChoices {
  const kept = views[remembered] as Partial<ChartChoices> | undefined;
  if (!kept) return defaultChoices;
  return {
    axis: kept.axis !== undefined && kept.axis in axes ? kept.axis : defaultChoices.axis,
    log: kept.log === true,
    hidden: Array.isArray(kept.hidden) ? kept.hidden : defaultChoices.hidden,
  };
}

let lastViews: Readonly<Record<string, unknown>> | undefined;
let lastChoices = defaultChoices;

export function chartChoices(views = useSettings.getState().views): ChartChoices {
  if (views !== lastViews) [lastViews, lastChoices] = [views, choicesIn(views)];
  return lastChoices;
}

export function useChartChoices(): ChartChoices {
  return useSettings(({ views }) => chartChoices(views));
}

export function chooseChart(change: Partial<ChartChoices>): void {
  const { views } = useSettings.getState();
  if (change.axis || change.log !== undefined) {
    zoomChart(null);
    changeBrush(() => ({ rectangle: null }));
  }
  changeSettings({ views: { ...views, [remembered]: { ...chartChoices(), ...change } } });
}

export function toggleSeries(id: string): void {
  const { hidden } = chartChoices();
  chooseChart({ hidden: hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id] });
}

interface ChartState {
  /** What is shown instead of what `fit` says; null until the person zooms. */
  readonly zoom: Domain | null;
  readonly fit: "front" | "all";
  readonly brush: Brush;
  /** Id of the profile of a second target that our front is shown on too, or `allTargets`. */
  readonly otherTarget: string | null;
  /** Numbers of earlier searches whose fronts are shown too. */
  readonly past: readonly number[];
  /** The plan under the pointer or the keyboard's cursor on the chart. */
  readonly pointed: ChartedPlan | null;
}

export const useChart = create<ChartState>()(() => ({
  zoom: null,
  fit: "front",
  brush: noBrush,
  otherTarget: null,
  past: [],
  pointed: null,
}));

export function fitChart(fit: ChartState["fit"]): void {
  useChart.setState({ fit, zoom: null });
}

/** @param zoom null goes back to what fits */
export function zoomChart(zoom: Domain | null): void {
  useChart.setState({ zoom });
}

/** Instead of a second target's id: the live plan alone, on every target that there is. */
export const allTargets = "all";

/** @param otherTarget null for none */
export function compareWithTarget(otherTarget: string | null): void {
  useChart.setState({ otherTarget, zoom: null });
}

/** Fronts of earlier searches that are shown at a time. */
export const maxPastShown = pastMarks.length;

/** Shows the front of an earlier search, or no longer; of more than there are marks for the one shown first goes. */
export function togglePast(number: number): void {
  useChart.setState(({ past }) => ({
    past: past.includes(number)
      ? past.filter((other) => other !== number)
      : [...past, number].slice(-maxPastShown),
  }));
}

export function showNoPast(): void {
  useChart.setState({ past: [] });
}

/** Graph and inspector answer to what is pointed at as well. */
export function pointAt(pointed: ChartedPlan | null): void {
  if (useChart.getState().pointed === pointed) return;
  useChart.setState({ pointed });
  // The exits of another project's plan are no places of this one's networks.
  hover(pointed?.role === "other" ? null : pointed);
}

export function changeBrush(change: (brush: Brush) => Partial<Brush>): void {
  useChart.setState(({ brush }) => ({ brush: { ...brush, ...change(brush) } }));
}

export function clearBrush(): void {
  useChart.setState({ brush: noBrush });
}
