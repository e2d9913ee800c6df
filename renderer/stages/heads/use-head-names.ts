import { useCallback, useMemo } from "react";
import type { HeadCurve } from "../../../shared/model/head-curve.ts";
import { useCutPointNames } from "../../state/cut-point-names.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import { useOpenProject } from "../../state/project-store.ts";

/** What heads are called: by their place, their kind where there are several, and their network where there are several. */
export function useHeadNames(curves: readonly HeadCurve[]): (head: Omit<HeadCurve, "epochs">) => string {
  const cutPointName = useCutPointNames();
  const titles = useNetworkTitles();
  const backbone = useOpenProject((project) => project.backbone.sha256);
  const [kinds, networks] = useMemo(
    () => [new Set(curves.map(({ kind }) => kind)).size, new Set(curves.map(({ network }) => network)).size],
    [curves],
  );
  return useCallback(
    ({ network, cutPoint, kind }) =>
      [
        ...(networks > 1 ? [titles.whole(network ?? backbone)] : []),
        cutPointName(cutPoint, network),
        ...(kinds > 1 ? [kind] : []),
      ].join(" · "),
    [cutPointName, titles, backbone, kinds, networks],
  );
}
