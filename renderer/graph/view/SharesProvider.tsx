import type { ReactNode } from "react";
import { SharesContext, useTravellingShares } from "./current-plan.ts";

/** Tells the parts of the graph what travels on them; apart from the graph, which is not drawn again for that. */
export function SharesProvider({ children }: { readonly children: ReactNode }) {
  return <SharesContext value={useTravellingShares()}>{children}</SharesContext>;
}
