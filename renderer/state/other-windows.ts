import { create } from "zustand";

/** What other windows do that keeps this machine busy: the names of their projects. */
export const useOtherWindows = create<{ readonly working: readonly string[] }>()(() => ({ working: [] }));

export function showOtherWindows(working: readonly string[]): void {
  useOtherWindows.setState({ working });
}
