import { useProject } from "../../stores/project-store.ts";
import type { Block } from "../blocks.ts";
import { blockText } from "../item-labels.ts";

export function useBlockText(block: Block, expanded: boolean): string {
  const count = useProject(({ project }) => (project?.backbone.cutPoints.length ?? 0) + 1);
  return blockText(block, count, expanded);
}
