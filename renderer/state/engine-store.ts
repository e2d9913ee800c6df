import { create } from "zustand";
import type { EngineState } from "../../shared/ipc/events.ts";
import type { EngineView } from "../../shared/ipc/variants.ts";

/** The state of the engine process, and what it offers; null until it has reported. */
export const useEngine = create<EngineState & { readonly offers: EngineView | null }>()(() => ({
  state: "starting",
  reason: null,
  offers: null,
}));
