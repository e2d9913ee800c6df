import { isAt } from "../../../shared/model/plan.ts";
import { useDesign } from "../design-store.ts";
import { useView } from "../view-store.ts";

/** Index of the live plan's exit that is selected; -1 if none is. */
export function selectedExit(): number {
  const { selection } = useView.getState();
  if (selection?.kind !== "exit") return -1;
  return useDesign.getState().exits.findIndex((exit) => isAt(exit, selection));
}

/** Index of the exit that follows the selected one, or precedes it; after the last comes the first. */
export function neighbourExit(step: 1 | -1): number {
  const { length } = useDesign.getState().exits;
  const at = selectedExit();
  if (at < 0) return step > 0 ? 0 : length - 1;
  return (at + step + length) % length;
}
