import type { WorkerState } from "./worker-state.ts";

/** A worker as whoever looks at the roll again and again knows it; moments are of the looker's own clock. */
export interface WatchedWorker {
  readonly state: WorkerState;
  /** When it was last heard to say something new, ms. */
  readonly heardAtMs: number;
  /** When it was found missing, ms; null while it stands on the roll. */
  readonly goneAtMs: number | null;
}

/** A worker says something every 2.5 s; this is a little more than two of its turns. */
const silentMs = 6000;

/** How long one that has gone is still shown, so that it is seen going. */
const rememberedMs = 60_000;

/**
 * What is known after another look at the roll. Whoever isn't there any more stays for a minute as gone; one that comes back
 * under its name takes its own place.
 * @param there who stands on the roll now
 */
export function watchedAfter(
  before: readonly WatchedWorker[],
  there: readonly WorkerState[],
  nowMs: number,
): WatchedWorker[] {
  const seen = there.map((state): WatchedWorker => {
    const known = before.find((other) => other.state.instance === state.instance);
    const isNew = known?.goneAtMs !== null || known.state.upSeconds !== state.upSeconds;
    return { state, heardAtMs: isNew ? nowMs : known.heardAtMs, goneAtMs: null };
  });
  const gone = before.flatMap((known): WatchedWorker[] => {
    if (there.some(({ name }) => name === known.state.name)) return [];
    const goneAtMs = known.goneAtMs ?? nowMs;
    return nowMs - goneAtMs < rememberedMs ? [{ ...known, goneAtMs }] : [];
  });
  return [...seen, ...gone].sort((a, b) => (a.state.name < b.state.name ? -1 : 1));
}

export type WorkerActivity =
  | { readonly kind: "free"; readonly forSeconds: number }
  | { readonly kind: "busy"; readonly what: string; readonly done: number; readonly forSeconds: number }
  /** It stands on the roll and says nothing more. */
  | { readonly kind: "silent"; readonly forSeconds: number }
  | { readonly kind: "gone"; readonly forSeconds: number };

/** What a worker does, and since when. */
export function activityOf({ state, heardAtMs, goneAtMs }: WatchedWorker, nowMs: number): WorkerActivity {
  if (goneAtMs !== null) return { kind: "gone", forSeconds: (nowMs - goneAtMs) / 1000 };
  const silence = nowMs - heardAtMs;
  if (silence >= silentMs) return { kind: "silent", forSeconds: silence / 1000 };
  const { doing, upSeconds } = state;
  if (!doing) return { kind: "free", forSeconds: upSeconds };
  return { kind: "busy", what: doing.kind, done: doing.done, forSeconds: doing.forSeconds };
}
