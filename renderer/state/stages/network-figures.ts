import type { NetworkTables } from "../../../shared/files/project-spaces.ts";
import { networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import type { TableView } from "../../../shared/ipc/channels.ts";
import { aloneMs, memberProfile, type Profile } from "../../../shared/model/profile.ts";
import { countRight } from "../../../shared/space/reference-point.ts";
import { tablesOf } from "../project-store.ts";

/** How a further network stands to the backbone. */
export interface NetworkFigures {
  /** On the samples that plans are chosen on (0-1); undefined before calibration. */
  readonly accuracy?: number;
  /** From the image to its output, of the backbone's mean latency; undefined where it isn't timed. */
  readonly latencyShare?: number;
}

/** @param sha256 of a further network */
export function networkFigures(
  { project, ...tables }: NetworkTables<TableView> & { readonly project: ProjectView | null },
  profile: Profile | undefined,
  sha256: string,
): NetworkFigures {
  const network = project && networkOf(project, sha256);
  const timed = network && profile ? memberProfile(profile, network.backbone) : undefined;
  const [table] = tablesOf(tables, sha256).values();
  return {
    accuracy: table && countRight(table.correct.subarray(table.exits * table.samples)) / table.samples,
    latencyShare: profile && timed ? aloneMs(timed) / profile.backbone.meanMs : undefined,
  };
}
