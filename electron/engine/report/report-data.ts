import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Robustness } from "../../../shared/files/robustness.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import type { FleetComparison } from "../../../shared/fleet/compare-targets.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import type { ExitImportance } from "../../../shared/presentation/plans/exit-importance.ts";
import { type NetworkTitles, networkTitles } from "../../../shared/presentation/words/network-titles.ts";

/** Everything that the report shows. */
export interface ReportData {
  readonly backbone: BackboneSummary;
  /** The project's further networks. */
  readonly members?: readonly BackboneSummary[];
  readonly profile: Profile;
  readonly front: FrontFile;
  readonly summary: Summary;
  /** What the plan would be without each of its exits, on the samples that it was chosen on; unknown if absent. */
  readonly importance?: readonly ExitImportance[];
  /** Where the project holds profiles of several targets: what becomes of plans on the others. */
  readonly fleet?: FleetComparison;
  /** What the plan does on corrupted images, if that was tried. */
  readonly robustness?: Robustness;
  /** Measured latency of every test sample, ms. */
  readonly latenciesMs: { readonly backbone: Float32Array; readonly plan: Float32Array };
}

/** What the report calls the project's networks. */
export function networkTitlesOf({
  backbone,
  members = [],
}: Pick<ReportData, "backbone" | "members">): NetworkTitles {
  return networkTitles([backbone, ...members]);
}
