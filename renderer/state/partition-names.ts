import { useCallback } from "react";
import { networkOf } from "../../shared/files/project-view.ts";
import { networksOf, type PlanWay } from "../../shared/model/plan.ts";
import { useCutPointNames } from "./cut-point-names.ts";
import { useNetworkTitles } from "./network-titles.ts";
import { useProject } from "./project-store.ts";

/** Where the server takes over, in words: `nowhere`, `at the input`, `after block 3`, `before resnet56`. */
export function usePartitionNames(): (way: PlanWay) => string {
  const nameOf = useShortPartitionNames();
  return useCallback(
    (way) => {
      if (way.cut === undefined) return "nowhere";
      const name = nameOf(way);
      if (name === "input") return "at the input";
      return name.startsWith("before ") ? name : `after ${name}`;
    },
    [nameOf],
  );
}

/** The same of a partition where there is little room: `input`, `block 3`, `before resnet56`. */
export function useShortPartitionNames(): (way: PlanWay) => string {
  const nameOf = useCutPointNames();
  const titles = useNetworkTitles();
  const project = useProject((state) => state.project);
  return useCallback(
    (way) => {
      const { cut = "", cutMember } = way;
      const network = project ? networkOf(project, cutMember)?.backbone : undefined;
      if (!project || !network || cut !== network.input.name) return nameOf(cut, cutMember);
      const [first] = networksOf(way, project.backbone.sha256);
      return first === network.sha256 ? "input" : `before ${titles.whole(cutMember)}`;
    },
    [nameOf, titles, project],
  );
}
