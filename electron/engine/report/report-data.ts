import type { BackboneSummary } from "../../../shared/domain/backbone.ts";
import type { Profile } from "../../../shared/domain/profile.ts";
import type { Summary } from "../../../shared/domain/summary.ts";
import type { FrontFile } from "../../../shared/search/front-file.ts";

/** Everything that the report shows. */
export interface ReportData {
  readonly backbone: BackboneSummary;
  readonly profile: Profile;
  readonly front: FrontFile;
  readonly summary: Summary;
  /** Measured latency of every test sample, ms. */
  readonly latenciesMs: { readonly backbone: Float32Array; readonly plan: Float32Array };
}
