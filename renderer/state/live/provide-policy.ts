import type { ProjectView } from "../../../shared/files/project-view.ts";
import type { EngineView } from "../../../shared/ipc/variants.ts";
import { call } from "../call.ts";
import { showChanged, useProject } from "../project-store.ts";
import { targetProfile } from "../target-profile.ts";

/** Policies that an exit can have, in the engine's order: the project is calibrated for them, or can be at once. */
export function offeredPolicies(
  { policies }: Pick<ProjectView, "policies">,
  offers: Pick<EngineView, "policies"> | null,
): string[] {
  const known = (offers?.policies ?? []).filter(
    ({ id, base }) => policies.includes(id) || (base !== undefined && policies.includes(base)),
  );
  return [...new Set([...known.map(({ id }) => id), ...policies])];
}

/**
 * Has the project calibrated for a policy if it isn't yet: thresholds per class are fitted when they are first wanted.
 * @throws AppError 'usage' if the chosen target's profile doesn't know the policy, or a stage is under way
 */
export async function providePolicy(policy: string): Promise<void> {
  if (useProject.getState().project?.policies.includes(policy)) return;
  await showChanged(await call("project.addPolicy", { policy, target: targetProfile()?.id }));
}
