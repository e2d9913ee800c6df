import { useMemo } from "react";
import type { PlaceNames } from "../../shared/presentation/words/describe-plan.ts";
import { useCutPointNames } from "./cut-point-names.ts";
import { useNetworkTitles } from "./network-titles.ts";

/** How the places where exits stand are called in the window. */
export function usePlaceNames(): PlaceNames {
  const networks = useNetworkTitles();
  const cutPoint = useCutPointNames();
  return useMemo(() => ({ networks, cutPoint }), [networks, cutPoint]);
}
