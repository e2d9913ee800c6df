import { useShallow } from "zustand/react/shallow";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { type OfferedPoint, offeredPoints } from "./operating-points.ts";

/** What the pinned plans are to an export of the live one. */
export function useOfferedPoints(): readonly OfferedPoint[] {
  const pinned = useDesign((design) => design.pinned);
  return offeredPoints(useDesign(useShallow(livePlanOf)), pinned);
}
