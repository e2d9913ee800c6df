import type { FrontFile } from "../../../shared/files/front-file.ts";
import type { Summary } from "../../../shared/files/summary.ts";
import type { BackboneSummary } from "../../../shared/model/backbone.ts";
import type { Profile } from "../../../shared/model/profile.ts";

/** Everything that the report shows. */
export interface ReportData {
  readonly backbone: BackboneSummary;
  /** The project's further networks. */
  readonly members?: readonly BackboneSummary[];
  readonly profile: Profile;
  readonly front: FrontFile;
  readonly summary: Summary;
  /** Measured latency of every test sample, ms. */
  readonly latenciesMs: { readonly backbone: Float32Array; readonly plan: Float32Array };
}
