import type { Block } from "../../../../shared/presentation/graph/blocks.ts";
import { useProject } from "../../../state/project-store.ts";
import { blockText } from "../../geometry/item-labels.ts";

export function useBlockText(block: Block, expanded: boolean): string {
  const count = useProject(({ project }) => (project?.backbone.cutPoints.length ?? 0) + 1);
  return blockText(block, count, expanded);
}
