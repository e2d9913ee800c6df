import { useCallback } from "react";
import type { PlanWay } from "../../shared/model/plan.ts";
import { describePartition, partitionLabel } from "../../shared/presentation/words/describe-partition.ts";
import { currentCutPointNames, useCutPointNames } from "./cut-point-names.ts";
import { currentNetworkTitles, networksIn, useNetworkTitles } from "./network-titles.ts";
import { useProject } from "./project-store.ts";

/** Where a plan's server takes over, in words: `nowhere`, `at the input`, `after block 3`, `before resnet56`. */
export function usePartitionNames(): (way: PlanWay) => string {
  return usePartitionWords(describePartition);
}

/** The same of a partition where there is little room: `input`, `block 3`, `before resnet56`. */
export function useShortPartitionNames(): (way: PlanWay) => string {
  return usePartitionWords(partitionLabel);
}

export function currentShortPartitionNames(): (way: PlanWay) => string {
  const { project } = useProject.getState();
  const titles = currentNetworkTitles();
  const nameOf = currentCutPointNames();
  return (way) => partitionLabel(way, project ? networksIn(project) : [], titles, nameOf);
}

function usePartitionWords(words: typeof describePartition): (way: PlanWay) => string {
  const nameOf = useCutPointNames();
  const titles = useNetworkTitles();
  const project = useProject((state) => state.project);
  return useCallback(
    (way) => words(way, project ? networksIn(project) : [], titles, nameOf),
    [words, nameOf, titles, project],
  );
}
