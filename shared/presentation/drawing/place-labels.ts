import type { Pixel, PlotBox } from "./drawing.ts";

export interface LabelPlace {
  readonly left: number;
  readonly top: number;
  readonly anchor: "start" | "end";
}

interface Labelled {
  readonly name: string;
  readonly at: Pixel;
}

const lineHeight = 13;
const letterWidth = 6.2;

/**
 * Finds a place beside every point for its name: to the right, else to the left, above or below, the first that keeps
 * inside the plot and off the names before it.
 */
export function placeLabels<Point extends Labelled>(
  points: readonly Point[],
  box: PlotBox,
): (Point & { readonly label: LabelPlace })[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = points.map(({ at }) => ({
    left: at.left - 5,
    right: at.left + 5,
    top: at.top - 5,
    bottom: at.top + 5,
  }));
  return points.map((point) => {
    const width = point.name.length * letterWidth;
    const choices = candidates(point.at).map((label) => {
      const left = label.anchor === "start" ? label.left : label.left - width;
      const area = { left, right: left + width, top: label.top - 10, bottom: label.top + 3 };
      const outside =
        area.left < box.left || area.right > box.right || area.top < box.top || area.bottom > box.bottom;
      const overlaps = taken.filter(
        (other) =>
          area.left < other.right &&
          area.right > other.left &&
          area.top < other.bottom &&
          area.bottom > other.top,
      ).length;
      return { label, area, badness: (outside ? 100 : 0) + overlaps };
    });
    const best = choices.reduce((one, other) => (other.badness < one.badness ? other : one));
    taken.push(best.area);
    return { ...point, label: best.label };
  });
}

function candidates({ left, top }: Pixel): LabelPlace[] {
  const rows = [-9, 4, 17, -9 - lineHeight, 17 + lineHeight, 17 + 2 * lineHeight, 17 + 3 * lineHeight];
  return rows.flatMap((row) => [
    { left: left + 9, top: top + row, anchor: "start" } as const,
    { left: left - 9, top: top + row, anchor: "end" } as const,
  ]);
}
