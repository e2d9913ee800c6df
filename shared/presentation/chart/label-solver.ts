import type { Pixel, PlotBox } from "../drawing/drawing.ts";
import { lineHeight, textWidth } from "../drawing/text-width.ts";

/** Where a text stands: its base line, and which end of it is meant. */
export interface LabelPlace extends Pixel {
  readonly anchor: "start" | "middle" | "end";
}

/** A text that wants a place. */
export interface Label {
  readonly key: string;
  /** What it says, the whole first; where that finds no room, the next shorter one. */
  readonly texts: readonly string[];
  readonly strong?: boolean;
  /** Places where it is clear what it is about, the best first. */
  readonly near: readonly LabelPlace[];
  /** What it is about: elsewhere a line leads there. */
  readonly about: Pixel;
}

/** What else is on the plot. */
export interface Surroundings {
  readonly box: PlotBox;
  /** Where no text may stand: marks, grips, texts. */
  readonly taken: readonly PlotBox[];
  /** Where a text would rather not stand: lines and the marks of fronts. */
  readonly crowded: readonly Crowded[];
}

export interface Crowded {
  readonly area: PlotBox;
  /** How much a text is kept off: 1 is worth about one place down its list. */
  readonly weight: number;
}

/** A text with its place. */
export interface PlacedLabel {
  readonly key: string;
  readonly text: string;
  readonly place: LabelPlace;
  readonly area: PlotBox;
  /** From what it is about to the text, where it stands away from it; else null. */
  readonly leader: readonly [Pixel, Pixel] | null;
}

/** What a place near costs at most, however far down its list. */
const lastNearCost = 16;
/** What a place costs that needs a line, beside its length in px over `distanceUnit`. */
const leaderCost = 24;
const distanceUnit = 6;
/** What each px of a line costs that runs through another text. */
const crossingCost = 4;
/** What a text takes up above and below its base line, px. */
const textAbove = 10;
const textBelow = lineHeight - textAbove;
/** Between two texts, px. */
const gap = 2;
/** How far apart the places are that are tried where none near is free, px. */
const step = { left: 8, top: 6 };
/** How often all texts are looked at again once they stand. */
const rounds = 1;

interface Choice {
  readonly placed: PlacedLabel;
  readonly cost: number;
}

/**
 * Places texts so that none stands on another or on what is taken, and none leaves the plot. Each gets the best place that is
 * left, in the order of the list, near what it is about or at the end of a line that leads there; then each is looked at again
 * among all others. A text for which there is no room at all is left out. The same labels get the same places.
 */
export function solveLabels(labels: readonly Label[], surroundings: Surroundings): PlacedLabel[] {
  const chosen = new Map<string, Choice>();
  for (let round = 0; round <= rounds; round++) {
    let moved = false;
    for (const label of labels) {
      const current = chosen.get(label.key);
      if (current?.cost === 0) continue;
      const others = [...chosen.values()].filter(({ placed }) => placed.key !== label.key);
      const best = bestChoice(
        label,
        surroundings,
        others.map(({ placed }) => placed),
      );
      if (!best || (current && best.cost >= current.cost)) continue;
      chosen.set(label.key, best);
      moved = true;
    }
    if (!moved) break;
  }
  return labels.flatMap(({ key }) => chosen.get(key)?.placed ?? []);
}

function bestChoice(
  label: Label,
  surroundings: Surroundings,
  others: readonly PlacedLabel[],
): Choice | undefined {
  const taken = [...surroundings.taken, ...others.map(({ area }) => grown(area, gap))];
  for (const [index, text] of label.texts.entries()) {
    const best = bestOf(text, label, { ...surroundings, taken }, others);
    // A shorter text says less: only where the longer one has no room.
    if (best) return { ...best, cost: best.cost + index * 1000 };
  }
  return undefined;
}

function bestOf(
  text: string,
  label: Label,
  { box, taken, crowded }: Surroundings,
  others: readonly PlacedLabel[],
): Choice | undefined {
  const width = textWidth(text, label.strong);
  const lines = others.flatMap(({ leader }) => (leader ? [leader] : []));
  let best: Choice | undefined;
  const consider = (place: LabelPlace, base: number, hasLeader: boolean) => {
    if (best && base >= best.cost) return;
    const area = areaOf(place, width);
    if (!isInside(area, box) || taken.some((other) => overlap(area, other))) return;
    const leader = hasLeader ? leaderTo(area, label.about) : null;
    const weights = crowded.reduce((sum, own) => sum + (overlap(area, own.area) ? own.weight : 0), 0);
    const crossed = others.reduce((sum, { area: other }) => sum + lengthWithin(leader, other), 0);
    const under = lines.reduce((sum, line) => sum + lengthWithin(line, area), 0);
    const cost = base + weights + crossingCost * (crossed + under);
    if (!best || cost < best.cost) best = { placed: { key: label.key, text, place, area, leader }, cost };
  };
  for (const [index, place] of label.near.entries()) consider(place, Math.min(index, lastNearCost), false);
  // Whatever is farther away costs more than what stands near already.
  if (best && best.cost <= leaderCost) return best;
  for (let top = box.top + textAbove; top <= box.bottom - textBelow; top += step.top)
    for (let left = box.left; left <= box.right - width; left += step.left) {
      const across = Math.max(left - label.about.left, 0, label.about.left - left - width);
      const down = Math.max(top - textAbove - label.about.top, 0, label.about.top - top - textBelow);
      const base = leaderCost + Math.hypot(across, down) / distanceUnit;
      consider({ left, top, anchor: "start" }, base, true);
    }
  return best;
}

/** What a text at a place takes up. */
export function areaOf({ left, top, anchor }: LabelPlace, width: number): PlotBox {
  const start = left - { start: 0, middle: width / 2, end: width }[anchor];
  return { left: start, right: start + width, top: top - textAbove, bottom: top + textBelow };
}

export function overlap(one: PlotBox, other: PlotBox): boolean {
  return one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;
}

function isInside(area: PlotBox, box: PlotBox): boolean {
  return area.left >= box.left && area.right <= box.right && area.top >= box.top && area.bottom <= box.bottom;
}

function grown({ left, right, top, bottom }: PlotBox, by: number): PlotBox {
  return { left: left - by, right: right + by, top, bottom };
}

/** From what a text is about to the nearest point of its edge. */
function leaderTo(area: PlotBox, about: Pixel): readonly [Pixel, Pixel] {
  const nearest = {
    left: Math.min(area.right, Math.max(area.left, about.left)),
    top: Math.min(area.bottom, Math.max(area.top, about.top)),
  };
  return [about, nearest];
}

/** How much of a line runs through an area, px. @see Liang and Barsky 1984, doi:10.1145/357332.357333 */
function lengthWithin(line: readonly [Pixel, Pixel] | null, area: PlotBox): number {
  if (!line) return 0;
  const [from, to] = line;
  const across = to.left - from.left;
  const down = to.top - from.top;
  let [enter, leave] = [0, 1];
  for (const [direction, distance] of [
    [-across, from.left - area.left],
    [across, area.right - from.left],
    [-down, from.top - area.top],
    [down, area.bottom - from.top],
  ]) {
    if (direction === 0) {
      if (distance < 0) return 0;
    } else if (direction < 0) enter = Math.max(enter, distance / direction);
    else leave = Math.min(leave, distance / direction);
  }
  return Math.max(0, leave - enter) * Math.hypot(across, down);
}
