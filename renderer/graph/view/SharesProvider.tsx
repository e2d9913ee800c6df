import type { ReactNode } from "react";
import { SharesContext, useReachingShares } from "./current-plan.ts";

/** Gives each part of the graph the share of samples that reaches it; outside the graph, so that isn't rendered again. */
export function SharesProvider({ children }: { readonly children: ReactNode }) {
  return <SharesContext value={useReachingShares()}>{children}</SharesContext>;
}
