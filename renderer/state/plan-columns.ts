import { useMemo } from "react";
import type { CutPointNumber, PlanColumn } from "../../shared/presentation/plans/plan-columns.ts";
import { knownOutlook, type OutlookBasis } from "../../shared/presentation/plans/safe-plan.ts";
import {
  type ColumnBasis,
  columnsOfPlans,
  withOutlook,
} from "../../shared/presentation/plans/table-columns.ts";
import type { NetworkTitles } from "../../shared/presentation/words/network-titles.ts";
import { type DesignSpace, designOf } from "../../shared/space/design-space.ts";
import { currentNetworks, useNetworks } from "./current-graph.ts";
import { currentOutlookBasis, useOutlookBasis } from "./live-outlook.ts";
import { useLive } from "./live-store.ts";
import { currentNetworkTitles, useNetworkTitles } from "./network-titles.ts";
import { currentShortPartitionNames, useShortPartitionNames } from "./partition-names.ts";
import { usePlans } from "./plan-store.ts";

/** Every column that the plans found so far may have, the most important first. */
export function usePlanColumns(): readonly PlanColumn[] {
  const plans = usePlans((state) => state.plans);
  const backbone = usePlans((state) => state.backbone);
  const spaces = useLive((state) => state.partitionSpaces);
  const titles = useNetworkTitles();
  const networks = useNetworks();
  const nameOf = useShortPartitionNames();
  const basis = useOutlookBasis();
  const columns = useMemo(
    () => columnsOn({ plans, backbone, spaces, titles, networks, nameOf }),
    [plans, backbone, spaces, titles, networks, nameOf],
  );
  // What is wished for moves with every step of a line that is dragged.
  return useMemo(() => withOutlook(columns, plans, outlookOn(basis)), [columns, plans, basis]);
}

export function currentPlanColumns(): readonly PlanColumn[] {
  const { plans, backbone } = usePlans.getState();
  const columns = columnsOn({
    plans,
    backbone,
    spaces: useLive.getState().partitionSpaces,
    titles: currentNetworkTitles(),
    networks: currentNetworks(),
    nameOf: currentShortPartitionNames(),
  });
  return withOutlook(columns, plans, outlookOn(currentOutlookBasis()));
}

interface ColumnSources extends Pick<ColumnBasis, "plans" | "backbone"> {
  readonly spaces: readonly DesignSpace[];
  readonly titles: NetworkTitles;
  readonly networks: ReturnType<typeof currentNetworks>;
  readonly nameOf: ReturnType<typeof currentShortPartitionNames>;
}

function columnsOn({ plans, backbone, spaces, titles, networks, nameOf }: ColumnSources): PlanColumn[] {
  return columnsOfPlans({
    plans,
    backbone,
    titles,
    numberOf: numberedIn(networks),
    partitions: spaces.filter(({ partition }) => partition).map(designOf),
    partitionName: nameOf,
  });
}

/** @returns undefined where nothing can be told of any plan */
function outlookOn(basis: OutlookBasis | undefined): Parameters<typeof withOutlook>[2] {
  if (!basis?.bounds || "none" in basis.bounds) return undefined;
  return (plan, figures) => knownOutlook(plan, figures, basis);
}

function numberedIn(networks: ReturnType<typeof currentNetworks>): CutPointNumber {
  return (tensor, member) => {
    const network = networks.find((candidate) => candidate.member === member);
    const index = network?.summary.cutPoints.findIndex((cutPoint) => cutPoint.tensor === tensor) ?? -1;
    return index < 0 ? undefined : index;
  };
}
