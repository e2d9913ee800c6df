import { create } from "zustand";
import { openPath } from "./documents.ts";
import { useProject } from "./project-store.ts";

/** A model that was dropped on an open project: the person says what it is to be. */
export const useDroppedModel = create<{ readonly path: string | null }>()(() => ({ path: null }));

export function dropDroppedModel(): void {
  useDroppedModel.setState({ path: null });
}

/** Opens what was dropped; of a model asks first where a project is open. */
export async function takeDropped(path: string): Promise<void> {
  const isModel = path.toLowerCase().endsWith(".onnx");
  if (isModel && useProject.getState().project) useDroppedModel.setState({ path });
  else await openPath(path);
}
