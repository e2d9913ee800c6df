import type { Range } from "../../../shared/presentation/chart/chart-domain.ts";
import type { Scale } from "../../../shared/presentation/chart/chart-scale.ts";

/** A domain scaled about a place; factor below 1 zooms in. */
export function zoomed(scale: Scale, about: number, factor: number): Range {
  const [from, to] = scale.range();
  const edge = (px: number) => scale.invert(about + (px - about) * factor);
  return [edge(from), edge(to)];
}

/** A domain moved by so many pixels. */
export function moved(scale: Scale, px: number): Range {
  const [from, to] = scale.range();
  return [scale.invert(from - px), scale.invert(to - px)];
}
