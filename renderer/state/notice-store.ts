import { create } from "zustand";
import { AppError } from "../../shared/base/errors.ts";
import { messageOf } from "./error-message.ts";

/** What makes a notice go, besides its time and the person. */
export interface NoticeLife {
  /** What it speaks of: a later notice about the same takes its place. */
  readonly about?: string;
  /** Whether its cause has gone; asked whenever something has changed. */
  isOver?(): boolean;
  /** It speaks of the app, not of what is open, and stays when something else is opened. */
  readonly ofApp?: boolean;
}

/** A line that tells what has happened; errors stay until their cause has gone or they are closed. */
export interface Notice extends NoticeLife {
  readonly id: number;
  readonly tone: "info" | "good" | "bad";
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

export const useNotices = create<{ readonly notices: readonly Notice[] }>()(() => ({ notices: [] }));

let lastNotice = 0;
const shownMs = 6000;
/** There is something to press. */
const offeredMs = 15_000;
const mostNotices = 4;

export function notify(
  text: string,
  tone: Notice["tone"] = "info",
  action?: Notice["action"],
  life: NoticeLife = {},
): void {
  const notice = { id: ++lastNotice, tone, text, action, ...life };
  const isSame = (other: Notice) =>
    other.text === text || (life.about !== undefined && other.about === life.about);
  useNotices.setState(({ notices }) => {
    const others = notices.filter((other) => !isSame(other));
    return { notices: [...others.slice(1 - mostNotices), notice] };
  });
  if (tone !== "bad") setTimeout(() => dismiss(notice.id), action ? offeredMs : shownMs);
}

export function notifyError(error: unknown, life?: NoticeLife): void {
  // What ended with the engine is told once, by the notice about the engine.
  if (error instanceof AppError && error.code === "engine-crashed") return;
  if (!(error instanceof AppError)) console.error(error);
  notify(
    error instanceof AppError ? messageOf(error) : "Something in the window failed; your work is kept.",
    "bad",
    undefined,
    life,
  );
}

/** Drops notices whose cause has gone. */
export function dismissOver(): void {
  keepOnly((notice) => !notice.isOver?.());
}

/** Drops what speaks of a document that isn't open any more. */
export function dismissOfDocument(): void {
  keepOnly(({ ofApp }) => ofApp === true);
}

export function dismiss(id: number): void {
  keepOnly((notice) => notice.id !== id);
}

function keepOnly(isKept: (notice: Notice) => boolean): void {
  const { notices } = useNotices.getState();
  const kept = notices.filter(isKept);
  if (kept.length < notices.length) useNotices.setState({ notices: kept });
}
