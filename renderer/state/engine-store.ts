import { create } from "zustand";
import type { EngineState } from "../../shared/ipc/events.ts";
import type { EngineView } from "../../shared/ipc/variants.ts";
import { call } from "./call.ts";

/** The state of the engine process, and what it offers; null until it has reported. */
export const useEngine = create<EngineState & { readonly offers: EngineView | null }>()(() => ({
  state: "starting",
  reason: null,
  offers: null,
}));

export function showEngine({ state, reason }: EngineState): void {
  useEngine.setState({ state, reason });
}

export async function learnOffers(): Promise<void> {
  useEngine.setState({ offers: await call("engine.describe", {}), state: "ready" });
}
