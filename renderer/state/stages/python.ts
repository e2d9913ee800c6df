import { create } from "zustand";
import type { Python } from "../../../shared/model/python.ts";
import { call } from "../call.ts";
import { messageOf } from "../error-message.ts";
import { notifyError } from "../notice-store.ts";
import { changeSettings, useSettings } from "../settings-store.ts";

/** The Python that tuning runs with. */
interface PythonState {
  readonly isLooking: boolean;
  /** Null before it was looked for, and where there is none. */
  readonly python: Python | null;
  /** Why there is none. */
  readonly error: string | null;
  /** Whether it was looked for, in this run of the app. */
  readonly isKnown: boolean;
}

export const usePython = create<PythonState>()(() => ({
  isLooking: false,
  python: null,
  error: null,
  isKnown: false,
}));

const rememberedPython = "tuning.python";

/** What the person chose, in this run or an earlier one; null: whichever is found. */
export function chosenPython(): string | null {
  const chosen = useSettings.getState().views[rememberedPython];
  return typeof chosen === "string" ? chosen : null;
}

function rememberPython(path: string | null): void {
  changeSettings({ views: { ...useSettings.getState().views, [rememberedPython]: path } });
}

let looking: Promise<void> | undefined;

/** Looks which Python there is and what it has, unless that is known. */
export async function lookForPython(): Promise<void> {
  if (usePython.getState().isKnown) return;
  looking ??= look().finally(() => {
    looking = undefined;
  });
  await looking;
}

async function look(): Promise<void> {
  usePython.setState({ isLooking: true });
  try {
    const python = await call("python.find", { python: chosenPython() });
    usePython.setState({ python, error: null });
  } catch (error) {
    usePython.setState({ python: null, error: messageOf(error) });
  }
  usePython.setState({ isLooking: false, isKnown: true });
}

/** Asks for a Python and looks what it has. */
export async function choosePython(): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "python" });
    if (path === null) return;
    await looking;
    rememberPython(path);
    await lookAgain();
  } catch (error) {
    notifyError(error);
  }
}

/** Looks for whichever there is, in place of the one that was chosen. */
export async function forgetPython(): Promise<void> {
  await looking;
  rememberPython(null);
  await lookAgain();
}

async function lookAgain(): Promise<void> {
  usePython.setState({ isKnown: false });
  await lookForPython();
}
