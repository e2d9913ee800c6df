import { setImmediate } from "node:timers/promises";

/** Longest stretch of work between two turns of the event loop, ms; signals and messages are handled at the next turn. */
const turnMs = 20;

/** @returns lets the event loop turn if it hasn't lately; cheap enough to call per batch */
export function eventLoopTurns(): () => Promise<void> {
  let lastTurn = performance.now();
  return async () => {
    if (performance.now() - lastTurn <= turnMs) return;
    await setImmediate();
    lastTurn = performance.now();
  };
}
