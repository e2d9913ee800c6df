import type { ProjectView } from "../../../shared/files/project-view.ts";
import { linkSchema } from "../../../shared/model/link.ts";
import { isSameChain, type PlanWay } from "../../../shared/model/plan.ts";
import { coversHeads } from "../../../shared/presentation/progress/stage-state.ts";
import type { NetworkTitles } from "../../../shared/presentation/words/network-titles.ts";
import { type DesignSpace, designOf } from "../../../shared/space/design-space.ts";
import { setOffload, useDesign } from "../../state/design-store.ts";

/** Servers that may be chosen: profiles that lack some of the heads are not offered. */
export function serverChoices(
  project: ProjectView,
  chosen: string | undefined,
  titles: Pick<NetworkTitles, "whole">,
): { readonly value: string; readonly label: string }[] {
  const servers = project.profiles.flatMap((profile) =>
    coversHeads(profile, project) || profile.id === chosen
      ? [{ value: profile.id, label: titles.whole(profile.id) }]
      : [],
  );
  return [{ value: "", label: "none" }, ...servers];
}

/** @param server id of a profile; "" for none */
export function chooseServer(server: string): void {
  const { offload } = useDesign.getState();
  setOffload(server === "" ? undefined : { link: linkSchema.parse({}), ...offload, server });
}

/** Where the server may take over in a chain's plans. */
export function partitionPlaces(spaces: readonly DesignSpace[], chain: PlanWay["chain"]): PlanWay[] {
  return spaces.filter((on) => isSameChain(on, { chain })).map(designOf);
}

/** Tells partitions apart: by the tensor, and by the network that it is of. */
export function partitionValue({ cut, cutMember }: Omit<PlanWay, "chain">): string {
  return [cut ?? "", cutMember].filter((part) => part !== undefined).join(" of ");
}

export function choosePartition({ cut, cutMember }: Omit<PlanWay, "chain">): void {
  const { offload } = useDesign.getState();
  if (offload) setOffload({ ...offload, cut, cutMember });
}
