import type { Html } from "../../../shared/presentation/drawing/markup.ts";
import type { PlanView } from "./exit-view.ts";
import type { ReportData } from "./report-data.ts";
import { calibrationSection } from "./section-calibration.ts";
import { comparedSection } from "./section-compared.ts";
import { comparisonSection } from "./section-comparison.ts";
import { crossFitSection } from "./section-cross-fit.ts";
import { exitRatesSection } from "./section-exit-rates.ts";
import { fleetSection } from "./section-fleet.ts";
import { headerSection } from "./section-header.ts";
import { importanceSection } from "./section-importance.ts";
import { latencySection } from "./section-latency.ts";
import { networksSection } from "./section-networks.ts";
import { offeredSection } from "./section-offered.ts";
import { paretoSection } from "./section-pareto.ts";
import { planSection } from "./section-plan.ts";
import { profileSection } from "./section-profile.ts";
import { provenanceSection } from "./section-provenance.ts";
import { referencesSection } from "./section-references.ts";
import { robustnessSection } from "./section-robustness.ts";
import { tuningSection } from "./section-tuning.ts";

/** A part of the report. */
export type Section = (data: ReportData, plan: PlanView) => Html;

/** The report from its top to its end: a new section is a file and a line here. */
export const sections: readonly Section[] = [
  headerSection,
  comparisonSection,
  offeredSection,
  comparedSection,
  crossFitSection,
  networksSection,
  referencesSection,
  tuningSection,
  paretoSection,
  planSection,
  importanceSection,
  exitRatesSection,
  latencySection,
  calibrationSection,
  robustnessSection,
  profileSection,
  fleetSection,
  provenanceSection,
];
