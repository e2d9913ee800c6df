import { create } from "zustand";
import { AppError } from "../../shared/base/errors.ts";
import { messageOf } from "./error-message.ts";

/** A line that appears at the window's lower edge; errors stay until they are closed. */
export interface Notice {
  readonly id: number;
  readonly tone: "info" | "good" | "bad";
  readonly text: string;
  readonly action?: { readonly label: string; run(): void };
}

export const useNotices = create<{ readonly notices: readonly Notice[] }>()(() => ({ notices: [] }));

let lastNotice = 0;
const shownMs = 6000;

export function notify(text: string, tone: Notice["tone"] = "info", action?: Notice["action"]): void {
  const notice = { id: ++lastNotice, tone, text, action };
  useNotices.setState(({ notices }) => {
    const others = notices.filter((other) => other.text !== text);
    return { notices: [...others.slice(-3), notice] };
  });
  if (tone !== "bad") setTimeout(() => dismiss(notice.id), shownMs);
}

export function notifyError(error: unknown): void {
  if (!(error instanceof AppError)) console.error(error);
  notify(
    error instanceof AppError ? messageOf(error) : "Something in the window failed; your work is kept.",
    "bad",
  );
}

/** Drops notices of failures, once something else is open than what failed. */
export function dismissFailures(): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter(({ tone }) => tone !== "bad") }));
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}
