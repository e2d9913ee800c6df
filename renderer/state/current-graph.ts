import { useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import type { ProjectView } from "../../shared/files/project-view.ts";
import { memberProfile, type Profile } from "../../shared/model/profile.ts";
import { type Block, divideIntoBlocks, divideMember } from "../../shared/presentation/graph/blocks.ts";
import {
  type GraphNetwork,
  orderNetworks,
  type ShownNetwork,
} from "../../shared/presentation/graph/graph-network.ts";
import { networkTitles } from "../../shared/presentation/words/network-titles.ts";
import { useDesign } from "./design-store.ts";
import { networksIn } from "./network-titles.ts";
import { useProject } from "./project-store.ts";
import { targetProfile, useTargetProfile } from "./target-profile.ts";

type Networks = Pick<ProjectView, "backbone" | "members">;

let last: (Networks & { profile: Profile | undefined; networks: readonly GraphNetwork[] }) | undefined;

/** With the latencies of the chosen target; worked out once for each. */
function graphNetworks(
  { backbone, members }: Networks,
  profile: Profile | undefined,
): readonly GraphNetwork[] {
  if (last?.backbone !== backbone || last.members !== members || last.profile !== profile) {
    const titles = networkTitles(networksIn({ backbone, members }));
    const networks = [
      { sha256: backbone.sha256, summary: backbone, blocks: divideIntoBlocks(backbone, profile) },
      ...members.map(({ backbone: summary }) => ({
        sha256: summary.sha256,
        member: summary.sha256,
        summary,
        blocks: divideMember(summary, profile && memberProfile(profile, summary)),
      })),
    ].map((network) => ({ ...network, name: titles.short(network.sha256) }));
    last = { backbone, members, profile, networks };
  }
  return last.networks;
}

/** Networks of the open project, the backbone first; empty without one. */
export function currentNetworks(): readonly GraphNetwork[] {
  const { project } = useProject.getState();
  return project ? graphNetworks(project, targetProfile()) : [];
}

/** From top to bottom as the graph shows them. */
export function currentOrder(): readonly ShownNetwork[] {
  return orderNetworks(currentNetworks(), useDesign.getState().chain);
}

/** Blocks of a network; the backbone's if no further one is named. */
export function currentBlocks(member?: string): readonly Block[] {
  return currentNetworks().find((network) => network.member === member)?.blocks ?? [];
}

export function useNetworks(): readonly GraphNetwork[] {
  const backbone = useProject(({ project }) => project?.backbone);
  const members = useProject(({ project }) => project?.members);
  const profile = useTargetProfile();
  return useMemo(
    () => (backbone && members ? graphNetworks({ backbone, members }, profile) : []),
    [backbone, members, profile],
  );
}

export function useOrderedNetworks(): readonly ShownNetwork[] {
  const networks = useNetworks();
  const chain = useDesign(useShallow((design) => design.chain));
  return useMemo(() => orderNetworks(networks, chain), [networks, chain]);
}

/** A network of the open project: the backbone if no further one is named. */
export function useNetwork(member?: string): GraphNetwork | undefined {
  return useNetworks().find((network) => network.member === member);
}

/** Blocks of a network; the selection names them by `id`. */
export function useBlocks(member?: string): readonly Block[] {
  return useNetwork(member)?.blocks ?? noBlocks;
}

const noBlocks: readonly Block[] = [];
