import type { Place } from "../../../shared/presentation/chart/axes.ts";

/** Places that a trail shows. */
const maxPlaces = 80;

/**
 * Where the live plan has been during a gesture.
 * @param moving whether a gesture is under way; outside of one the trail is gone with the next change
 */
export function extendTrail(trail: readonly Place[], from: Place, moving: boolean): Place[] {
  if (!moving) return [];
  const last = trail.at(-1);
  if (last && last.x === from.x && last.y === from.y) return [...trail];
  return [...trail.slice(1 - maxPlaces), from];
}
