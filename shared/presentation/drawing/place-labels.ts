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

export const lineHeight = 13;
/** Mean width of a letter, px. */
export const letterWidth = 6.2;

/** Of the places for a text, the first that keeps inside the plot and off what is there already. */
export type LabelRoom = (text: string, places: readonly LabelPlace[]) => LabelPlace;

/** @param taken what is drawn there already; the texts that get a place are added to it */
export function labelRoom(box: PlotBox, taken: PlotBox[] = []): LabelRoom {
  return (text, places) => {
    const width = text.length * letterWidth;
    const choices = places.map((label) => {
      const left = label.anchor === "start" ? label.left : label.left - width;
      const area = { left, right: left + width, top: label.top - 10, bottom: label.top + 3 };
      const isOutside =
        area.left < box.left || area.right > box.right || area.top < box.top || area.bottom > box.bottom;
      const overlaps = taken.filter((other) => overlap(area, other)).length;
      return { label, area, badness: (isOutside ? 100 : 0) + overlaps };
    });
    const best = choices.reduce((one, other) => (other.badness < one.badness ? other : one));
    taken.push(best.area);
    return best.label;
  };
}

function overlap(one: PlotBox, other: PlotBox): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}

/** Finds a place beside every point for its name: to the right, else to the left, above or below. */
export function placeLabels<Point extends Labelled>(
  points: readonly Point[],
  box: PlotBox,
): (Point & { readonly label: LabelPlace })[] {
  const room = labelRoom(
    box,
    points.map(({ at: { left, top } }) => ({
      left: left - 5,
      right: left + 5,
      top: top - 5,
      bottom: top + 5,
    })),
  );
  return points.map((point) => ({ ...point, label: room(point.name, placesBeside(point.at)) }));
}

function placesBeside({ left, top }: Pixel): LabelPlace[] {
  const rows = [-9, 4, 17, -9 - lineHeight, 17 + lineHeight, 17 + 2 * lineHeight, 17 + 3 * lineHeight];
  return rows.flatMap((row) => [
    { left: left + 9, top: top + row, anchor: "start" } as const,
    { left: left - 9, top: top + row, anchor: "end" } as const,
  ]);
}
