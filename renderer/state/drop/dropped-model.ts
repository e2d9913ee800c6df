import { create } from "zustand";

interface DroppedModel {
  /** A model that was dropped on an open project: the person says what it is to be. */
  readonly path: string | null;
  /** Called once that is said and done. */
  readonly done: () => void;
}

const none: DroppedModel = { path: null, done: () => {} };

export const useDroppedModel = create<DroppedModel>()(() => none);

/** Asks what a model is to be. @returns once it is that, or the person wants it to be nothing */
export function askAboutModel(path: string): Promise<void> {
  useDroppedModel.getState().done();
  return new Promise((resolve) => useDroppedModel.setState({ path, done: resolve }));
}

/** @param how does what the model is to be; nothing if absent */
export async function answerAboutModel(how?: () => Promise<void>): Promise<void> {
  const { done } = useDroppedModel.getState();
  useDroppedModel.setState(none);
  await how?.();
  done();
}
