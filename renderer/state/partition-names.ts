import { useCallback } from "react";
import { networkOf } from "../../shared/files/project-view.ts";
import type { PlanPartition, PlanWay } from "../../shared/model/plan.ts";
import { describePartition } from "../../shared/presentation/words/describe-partition.ts";
import { useCutPointNames } from "./cut-point-names.ts";
import { networksIn, useNetworkTitles } from "./network-titles.ts";
import { useProject } from "./project-store.ts";

/** Where a plan's server takes over, in words: `nowhere`, `at the input`, `after block 3`, `before resnet56`. */
export function usePartitionNames(): (way: PlanWay) => string {
  const nameOf = useCutPointNames();
  const titles = useNetworkTitles();
  const project = useProject((state) => state.project);
  return useCallback(
    (way) => describePartition(way, project ? networksIn(project) : [], titles, nameOf),
    [nameOf, titles, project],
  );
}

/** The same where there is little room: `input`, `block 3`; where there are several networks `resnet56: block 3`. */
export function useShortPartitionNames(): (partition: PlanPartition) => string {
  const nameOf = useCutPointNames();
  const titles = useNetworkTitles();
  const project = useProject((state) => state.project);
  return useCallback(
    ({ cut = "", cutMember }) => {
      const isInput = project && networkOf(project, cutMember)?.backbone.input.name === cut;
      const place = isInput ? "input" : nameOf(cut, cutMember);
      return project && project.members.length > 0 ? `${titles.short(cutMember)}: ${place}` : place;
    },
    [nameOf, titles, project],
  );
}
