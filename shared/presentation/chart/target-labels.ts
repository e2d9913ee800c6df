import type { Pixel, PlotBox } from "../drawing/drawing.ts";

/** A mark's words; they end at their place where `anchor` says so. */
export interface TargetLabel {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly anchor: "start" | "end";
}

const lineHeight = 14;
const gap = 9;
/** Of a letter of the small size, on average. */
const letterWidth = 6;

/**
 * Words beside marks: on the right where there is room, else on the left, and each on a line of its own where marks are close.
 * @param marks in pixels
 */
export function targetLabels(
  marks: readonly { readonly name: string; readonly at: Pixel }[],
  box: PlotBox,
): TargetLabel[] {
  const most = Math.floor((box.right - box.left) / 2 / letterWidth);
  const placed: { readonly left: number; readonly right: number; readonly top: number }[] = [];
  const labels = new Map<number, TargetLabel>();
  const order = marks.map((_, at) => at).sort((a, b) => marks[a].at.left - marks[b].at.left);
  for (const index of order) {
    const { name, at } = marks[index];
    const text = name.length > most ? `${name.slice(0, most - 1)}…` : name;
    const width = text.length * letterWidth;
    const isRight = at.left + gap + width <= box.right;
    const left = isRight ? at.left + gap : at.left - gap - width;
    let top = Math.max(box.top + lineHeight, at.top);
    const collides = () =>
      placed.some(
        (other) => left < other.right && other.left < left + width && Math.abs(other.top - top) < lineHeight,
      );
    while (collides()) top += 1;
    placed.push({ left, right: left + width, top });
    labels.set(index, {
      text,
      left: isRight ? left : at.left - gap,
      top,
      anchor: isRight ? "start" : "end",
    });
  }
  return marks.map((_, at) => labels.get(at)!);
}
