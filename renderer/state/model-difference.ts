import { create } from "zustand";
import type { NetworkDifference } from "../../shared/presentation/graph/compare-networks.ts";
import { call, isCancelled } from "./call.ts";
import { notifyError } from "./notice-store.ts";
import { closeDialog, openDialog } from "./view-store.ts";

interface ModelDifference {
  /** Null while the other model is read. */
  readonly difference: NetworkDifference | null;
}

export const useModelDifference = create<ModelDifference>()(() => ({ difference: null }));

let reading: AbortController | undefined;

/** Asks for another model or project, and shows which blocks differ once it is read. */
export async function compareWithModel(): Promise<void> {
  try {
    const { path } = await call("dialog.open", { purpose: "compared" });
    if (path) await compareWithFile(path);
  } catch (error) {
    if (isCancelled(error)) return;
    stopComparing();
    notifyError(error);
  }
}

async function compareWithFile(path: string): Promise<void> {
  reading = new AbortController();
  useModelDifference.setState({ difference: null });
  openDialog("difference");
  const difference = await call("compare.model", { path }, { signal: reading.signal });
  useModelDifference.setState({ difference });
}

/** Closes the comparison; a model that is still being read isn't any more. */
export function stopComparing(): void {
  reading?.abort();
  closeDialog();
}
