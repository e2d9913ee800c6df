import { create } from "zustand";

/** The step of the tour that is shown, the first is 0; null while there is no tour. */
export const useTour = create<{ readonly step: number | null }>()(() => ({ step: null }));

export function goToStep(step: number): void {
  useTour.setState({ step });
}

export function endTour(): void {
  useTour.setState({ step: null });
}
