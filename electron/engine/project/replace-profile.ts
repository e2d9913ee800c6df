import type { Profile } from "../../../shared/model/profile.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import type { Project } from "./project.ts";

/**
 * The project with a profile of the same target in the place of another. References and the design follow the target to
 * its new profile, at its pace; a front keeps the name of the one that it was searched with.
 */
export function withProfileFor<Own extends Project>(project: Own, known: Profile, again: Profile): Own {
  const { profiles, references, design } = project;
  return {
    ...project,
    profiles: profiles.map((profile) => (profile.id === known.id ? again : profile)),
    references: references.map((reference) =>
      reference.target === known.id ? atPaceOf(again, reference, known) : reference,
    ),
    design: design && { ...design, target: design.target === known.id ? again.id : design.target },
  };
}

function atPaceOf(again: Profile, reference: ReferenceModel, known: Profile): ReferenceModel {
  const pace = again.backbone.meanMs / known.backbone.meanMs;
  const { mean, p50, p95 } = reference.latencyMs;
  return {
    ...reference,
    latencyMs: { mean: mean * pace, p50: p50 * pace, p95: p95 * pace },
    target: again.id,
  };
}
