import { useCallback } from "react";
import { useCutPointNames } from "./cut-point-names.ts";
import { useProject } from "./project-store.ts";

/** Where the server takes over, in words: `nowhere`, `at the input`, `after block 3`. */
export function usePartitionNames(): (tensor: string | undefined) => string {
  const nameOf = useCutPointNames();
  const input = useInputTensor();
  return useCallback(
    (tensor) =>
      tensor === undefined ? "nowhere" : tensor === input ? "at the input" : `after ${nameOf(tensor)}`,
    [nameOf, input],
  );
}

/** The same where there is little room: `input`, `block 3`. */
export function useShortPartitionNames(): (tensor: string) => string {
  const nameOf = useCutPointNames();
  const input = useInputTensor();
  return useCallback((tensor) => (tensor === input ? "input" : nameOf(tensor)), [nameOf, input]);
}

function useInputTensor(): string | undefined {
  return useProject(({ project }) => project?.backbone.input.name);
}
