import { useMemo } from "react";
import { placedExits } from "../../../shared/evaluate/live/place-exits.ts";
import { reachingSamples } from "../../../shared/evaluate/live/reaching-samples.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";

const noSamples = new Int32Array(0);

/** Samples that reach an exit of the live plan; another array only when the exits before it change. */
export function useReaching(index: number): Int32Array {
  const space = useLive((state) => state.space);
  const earlier = useDesign(({ exits }) => JSON.stringify(exits.slice(0, index)));
  return useMemo(() => {
    const placed = space && placedExits(space, JSON.parse(earlier) as PlanExit[]);
    return space && placed ? reachingSamples(space, placed) : noSamples;
  }, [space, earlier]);
}
