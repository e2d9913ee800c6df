/** A rectangle, px. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

type Size = Pick<Box, "width" | "height">;

export const sides = ["above", "below", "right", "left"] as const;
export type Side = (typeof sides)[number];

/** Between something and what is said of it, px. */
const gap = 8;

/**
 * Where a tip goes: beside what it speaks of, within the room, over as little of what is to stay in sight as can be.
 * @param size of the tip
 * @param avoid what belongs to what it speaks of
 * @param preferred the first of these sides that covers nothing is taken
 */
export function placeBeside(
  anchor: Box,
  size: Size,
  room: Box,
  avoid: readonly Box[] = [],
  preferred: readonly Side[] = sides,
): Pick<Box, "left" | "top"> {
  const order = [...preferred, ...sides.filter((side) => !preferred.includes(side))];
  const places = order.map((side) => within({ ...placeAt(side, anchor, size), ...size }, room));
  const covered = places.map((place) =>
    [anchor, ...avoid].reduce((sum, box) => sum + overlap(place, box), 0),
  );
  const { left, top } = places[covered.indexOf(Math.min(...covered))];
  return { left, top };
}

function placeAt(side: Side, anchor: Box, { width, height }: Size): Pick<Box, "left" | "top"> {
  const middle = anchor.left + anchor.width / 2 - width / 2;
  const centre = anchor.top + anchor.height / 2 - height / 2;
  switch (side) {
    case "above":
      return { left: middle, top: anchor.top - gap - height };
    case "below":
      return { left: middle, top: anchor.top + anchor.height + gap };
    case "right":
      return { left: anchor.left + anchor.width + gap, top: centre };
    case "left":
      return { left: anchor.left - gap - width, top: centre };
  }
}

/** Moved into the room; what is larger than that shows its beginning. */
function within(box: Box, room: Box): Box {
  const into = (start: number, length: number, from: number, whole: number) =>
    Math.max(from, Math.min(start, from + whole - length));
  return {
    ...box,
    left: into(box.left, box.width, room.left, room.width),
    top: into(box.top, box.height, room.top, room.height),
  };
}

/** Area that two boxes share, px². */
export function overlap(one: Box, other: Box): number {
  const shared = (start: number, length: number, from: number, whole: number) =>
    Math.max(0, Math.min(start + length, from + whole) - Math.max(start, from));
  return (
    shared(one.left, one.width, other.left, other.width) *
    shared(one.top, one.height, other.top, other.height)
  );
}
