import type { Range } from "../../shared/presentation/chart/chart-domain.ts";

/** Share of an axis that an arrow key moves an end by, and a page key. */
const step = 0.02;
const page = 0.1;

export type BrushEnd = "low" | "high";

/**
 * A brushed stretch after a key moved one of its ends; the ends don't pass each other.
 * @param range the stretch; the whole axis if nothing is brushed
 * @returns null if the stretch is the whole axis, undefined if the key moves nothing
 */
export function rangeAfterKey(
  key: string,
  end: BrushEnd,
  range: Range | undefined,
  axis: Range,
): Range | null | undefined {
  const [least, most] = axis;
  const [low, high] = range ?? axis;
  const at = end === "low" ? low : high;
  const moved = movedTo(key, at, axis);
  if (moved === undefined) return undefined;
  const next: Range = end === "low" ? [clamp(moved, least, high), high] : [low, clamp(moved, low, most)];
  return next[0] <= least && next[1] >= most ? null : next;
}

function movedTo(key: string, at: number, [least, most]: Range): number | undefined {
  const length = most - least;
  switch (key) {
    case "ArrowUp":
    case "ArrowRight":
      return at + step * length;
    case "ArrowDown":
    case "ArrowLeft":
      return at - step * length;
    case "PageUp":
      return at + page * length;
    case "PageDown":
      return at - page * length;
    case "Home":
      return least;
    case "End":
      return most;
    default:
      return undefined;
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
