import { create } from "zustand";
import type { EngineState } from "../../shared/ipc/events.ts";
import type { EngineView } from "../../shared/ipc/variants.ts";
import type { ProviderView } from "../../shared/model/this-machine.ts";
import { call } from "./call.ts";

/** The state of the engine process, and what it offers; null until it has reported. */
export const useEngine = create<
  EngineState & {
    readonly offers: EngineView | null;
    /** What works on this machine; null until it was tried. */
    readonly providers: readonly ProviderView[] | null;
  }
>()(() => ({
  state: "starting",
  reason: null,
  offers: null,
  providers: null,
}));

export function showEngine({ state, reason }: EngineState): void {
  useEngine.setState({ state, reason });
}

export async function learnOffers(): Promise<void> {
  useEngine.setState({ offers: await call("engine.describe", {}), state: "ready" });
}

/** Has the engine try which execution providers work on this machine, once. @returns them */
export async function learnProviders(): Promise<readonly ProviderView[]> {
  const known = useEngine.getState().providers ?? (await call("engine.providers", {})).providers;
  useEngine.setState({ providers: known });
  return known;
}
