import { useEffect } from "react";
import { create } from "zustand";
import type { ServerChoice } from "../../shared/fleet/server-choice.ts";
import { type WatchedWorker, watchedAfter } from "../../shared/fleet/watched-workers.ts";
import { call } from "./call.ts";
import { messageOf } from "./error-message.ts";
import { useSettings } from "./settings-store.ts";

/** How often the roll is looked at while somebody watches it. */
const lookMs = 2000;

interface FleetState {
  /** Null where no server is named anywhere, undefined while it isn't known yet. */
  readonly address: string | null | undefined;
  /** Why the server can't be asked. */
  readonly error: string | null;
  readonly workers: readonly WatchedWorker[];
  /** When the roll was looked at last. */
  readonly lookedAtMs: number;
  /** Names of the workers that the person wants to measure. */
  readonly asked: readonly string[];
}

const nothingKnown: FleetState = { address: undefined, error: null, workers: [], lookedAtMs: 0, asked: [] };

/** The fleet as it was at the last look. */
export const useFleet = create<FleetState>()(() => nothingKnown);

export function askForWorkers(asked: readonly string[]): void {
  useFleet.setState({ asked });
}

/** Another server was named. */
export function forgetFleet(): void {
  useFleet.setState(nothingKnown);
  void look();
}

let isLooking = false;

async function look(): Promise<void> {
  if (isLooking) return;
  isLooking = true;
  const { fleet: server } = useSettings.getState();
  try {
    const { address, workers } = await call("fleet.workers", { server });
    if (server !== useSettings.getState().fleet) return;
    showRoll({ address, error: null }, workers);
  } catch (error) {
    if (server !== useSettings.getState().fleet) return;
    const { address } = useFleet.getState();
    showRoll({ address: address ?? server.server ?? undefined, error: messageOf(error) }, null);
  } finally {
    isLooking = false;
  }
}

/** @param there null while nobody knows: who was there isn't gone then, only unheard of */
function showRoll(
  about: Pick<FleetState, "address" | "error">,
  there: Parameters<typeof watchedAfter>[1] | null,
): void {
  const now = performance.now();
  const { workers } = useFleet.getState();
  useFleet.setState({
    ...about,
    workers: there ? watchedAfter(workers, there, now) : workers,
    lookedAtMs: now,
  });
}

let watchers = 0;
let timer: number | undefined;

/** Looks at the roll again and again for as long as something shows it. */
export function useFleetWatch(isShown = true): void {
  useEffect(() => {
    if (!isShown) return;
    if (watchers++ === 0) {
      void look();
      timer = window.setInterval(look, lookMs);
    }
    return () => {
      if (--watchers === 0) window.clearInterval(timer);
    };
  }, [isShown]);
}

/** Asks a server who is there. @throws AppError that says what is wrong with it */
export async function tryServer(server: ServerChoice): Promise<{ address: string | null; names: string[] }> {
  const { address, workers } = await call("fleet.workers", { server });
  return { address, names: workers.map(({ name }) => name) };
}
