import type { Statement } from "../../shared/model/statement.ts";
import { planGains } from "../../shared/presentation/plans/plan-gains.ts";
import { networksOnTheWay } from "../../shared/presentation/verdict/answering-networks.ts";
import { profiledPlan, verdict } from "../../shared/presentation/verdict/verdict.ts";
import { useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { useLiveVerdict } from "../state/live-verdict.ts";
import { networksIn } from "../state/network-titles.ts";
import { useOpenProject } from "../state/project-store.ts";
import type { Fitted } from "../state/stages/export-form.ts";
import { useTargetProfile } from "../state/target-profile.ts";

/**
 * What is to be said of the files, which run on one target.
 * @param together what the live plan's exits are exported as, if they answer together: no search has judged that
 */
export function useExportVerdict(together: Fitted | undefined): Statement[] {
  const alone = useLiveVerdict({ onDevice: true });
  const project = useOpenProject();
  const profile = useTargetProfile();
  const useCase = useDesign((design) => design.useCase);
  const { backbone } = useLive();
  if (!together || !backbone || !profile) return alone;
  const networks = networksIn(project);
  const { plan, together: figures } = together;
  return verdict({
    exits: plan.exits.length,
    through: networksOnTheWay(plan, networks),
    useCase,
    chosen: { figures, backboneAccuracy: backbone.accuracy },
    gains: planGains(figures, backbone),
    outlook: { none: "together" },
    warnings: project.backbone.warnings,
    trust: project.trust,
    profile: profiledPlan({ ...plan, figures }, profile, networks),
  });
}
