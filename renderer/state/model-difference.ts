import { create } from "zustand";
import {
  type DifferenceRow,
  differingBlocks,
  type NetworkDifference,
} from "../../shared/presentation/graph/compare-networks.ts";
import { call, isCancelled } from "./call.ts";
import { notifyError } from "./notice-store.ts";
import { useProject } from "./project-store.ts";
import { closeDialog, openDialog } from "./view-store.ts";

interface ModelDifference {
  /** SHA-256 of the backbone that was compared; another one has nothing to do with it. */
  readonly backbone: string;
  /** Null while the other model is read. */
  readonly difference: NetworkDifference | null;
  /** The backbone's blocks that have no equal in the other model, by index. */
  readonly differing: ReadonlyMap<number, DifferenceRow>;
}

const nothing: ModelDifference = { backbone: "", difference: null, differing: new Map() };

const useModelDifference = create<ModelDifference>()(() => nothing);

/** What the open project was compared with last, until that is put away. */
export function useDifference(): ModelDifference {
  return ofBackbone(useModelDifference(), useProject(openBackbone));
}

/** The same at this moment. */
export function currentDifference(): ModelDifference {
  return ofBackbone(useModelDifference.getState(), openBackbone(useProject.getState()));
}

function ofBackbone(found: ModelDifference, backbone: string | undefined): ModelDifference {
  return found.backbone === backbone ? found : nothing;
}

const openBackbone = ({ project }: ReturnType<typeof useProject.getState>) => project?.backbone.sha256;

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
  putDifferenceAway();
  const backbone = useProject.getState().project?.backbone.sha256 ?? "";
  openDialog("difference");
  const difference = await call("compare.model", { path }, { signal: reading.signal });
  useModelDifference.setState({ backbone, difference, differing: differingBlocks(difference) });
}

/** Shows all of the comparison once more. */
export function showDifference(): void {
  openDialog("difference");
}

/** Closes the comparison, whose blocks stay marked on the graph; a model that is still being read isn't any more. */
export function stopComparing(): void {
  reading?.abort();
  closeDialog();
}

/** Takes the marks off the graph. */
export function putDifferenceAway(): void {
  useModelDifference.setState(nothing);
}
