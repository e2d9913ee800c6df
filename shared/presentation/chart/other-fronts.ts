import { statedCost } from "../../files/front-file.ts";
import type { OtherFront, OtherPlan } from "../../files/other-front.ts";
import type { BackbonePoint } from "../plans/backbone-point.ts";
import type { Series } from "../plans/series.ts";
import { type Axis, backbonePlace, isKnown, type Place } from "./axes.ts";
import type { PlacedPlan, SeriesLayer } from "./series-layers.ts";

/** What is open: the backbone and the target that fronts are drawn for. */
export interface Ground {
  readonly backboneSha256: string;
  /** Id of the chosen target's profile. */
  readonly profile: string;
  readonly backbone: BackbonePoint;
}

/** Whether another front's figures hold as they are: it is of the same network with the same profile. */
export function isSameGround(front: OtherFront, here: Omit<Ground, "backbone">): boolean {
  return front.backboneSha256 === here.backboneSha256 && front.profile === here.profile;
}

/** How much less a plan costs than its own backbone, and how its accuracy differs from that one's. */
export function againstOwnBackbone(
  { backbone, measure }: OtherFront,
  plan: OtherPlan,
): { readonly speedup: number; readonly change: number } {
  return {
    speedup: statedCost(backbone, measure) / statedCost(plan, measure),
    change: plan.accuracy - backbone.accuracy,
  };
}

/**
 * Where a plan of another front stands: by its own figures on the same ground, else by its speed-up and its change against its
 * own backbone, taken from ours.
 * @returns null on an axis that its front says nothing of
 */
export function otherPlace(front: OtherFront, plan: OtherPlan, here: Ground, axis: Axis): Place | null {
  if (axis.measure !== front.measure) return null;
  const place = isSameGround(front, here)
    ? { x: statedCost(plan, front.measure), y: plan.accuracy }
    : relativePlace(front, plan, backbonePlace(here.backbone, axis));
  return isKnown(place) && place.x > 0 ? place : null;
}

function relativePlace(front: OtherFront, plan: OtherPlan, ours: Place): Place {
  const { speedup, change } = againstOwnBackbone(front, plan);
  return { x: ours.x / speedup, y: ours.y + change };
}

/** A front of another project as the chart draws it: its plans can be looked at, and not be taken. */
export function otherLayer(front: OtherFront, series: Series, here: Ground, axis: Axis): SeriesLayer {
  const placed = front.plans.flatMap((plan, index): PlacedPlan[] => {
    const place = otherPlace(front, plan, here, axis);
    if (!place) return [];
    const id = `${series.id}/${index}`;
    return [
      { ...place, plan: { id, series: series.id, role: "other", exits: [], stated: plan, figures: null } },
    ];
  });
  return { series, front: placed, dominated: [] };
}
