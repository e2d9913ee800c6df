import { useCallback } from "react";
import { useCutPointNames } from "./cut-point-names.ts";
import { useProject } from "./project-store.ts";

/** Where the server takes over, in words: `nowhere`, `at the input`, `after block 3`. */
export function usePartitionNames(): (cut: string | undefined) => string {
  const nameOf = useCutPointNames();
  const input = useInputTensor();
  return useCallback(
    (cut) => (cut === undefined ? "nowhere" : cut === input ? "at the input" : `after ${nameOf(cut)}`),
    [nameOf, input],
  );
}

/** The same where there is little room: `input`, `block 3`. */
export function useShortPartitionNames(): (cut: string) => string {
  const nameOf = useCutPointNames();
  const input = useInputTensor();
  return useCallback((cut) => (cut === input ? "input" : nameOf(cut)), [nameOf, input]);
}

function useInputTensor(): string | undefined {
  return useProject(({ project }) => project?.backbone.input.name);
}
