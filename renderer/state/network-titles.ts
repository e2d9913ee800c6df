import { useMemo } from "react";
import type { ProjectView } from "../../shared/files/project-view.ts";
import type { BackboneSummary } from "../../shared/model/backbone.ts";
import type { FamilyMember } from "../../shared/model/families.ts";
import { type NetworkTitles, networkTitles } from "../../shared/presentation/words/network-titles.ts";
import { useProject } from "./project-store.ts";

type Networks = Pick<ProjectView, "backbone" | "members">;

/** What the networks of the open project are called. */
export function useNetworkTitles(): NetworkTitles {
  const backbone = useProject(({ project }) => project?.backbone);
  const members = useProject(({ project }) => project?.members);
  return useMemo(
    () => (backbone && members ? titlesOf({ backbone, members }) : networkTitles([])),
    [backbone, members],
  );
}

export function currentNetworkTitles(): NetworkTitles {
  const { project } = useProject.getState();
  return project ? titlesOf(project) : networkTitles([]);
}

function titlesOf(networks: Networks): NetworkTitles {
  return networkTitles(networksIn(networks));
}

/** The networks of a project, the backbone first. */
export function networksIn({
  backbone,
  members,
}: Networks): (BackboneSummary & Pick<FamilyMember, "tunedFrom">)[] {
  return [backbone, ...members.map((member) => ({ ...member.backbone, tunedFrom: member.tunedFrom }))];
}
