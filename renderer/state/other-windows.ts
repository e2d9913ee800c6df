import { create } from "zustand";

/** What other windows do that keeps this machine busy: the names of their projects. */
export const useOthers = create<{ readonly working: readonly string[] }>()(() => ({ working: [] }));

export function showOthers(working: readonly string[]): void {
  useOthers.setState({ working });
}
