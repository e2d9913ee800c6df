import type { FrontFile } from "../../../shared/files/front-file.ts";
import { designWithout } from "../../../shared/model/design.ts";
import { isTuned } from "../../../shared/model/families.ts";
import { frontPlans, triedPlans } from "./agreement/plans.ts";
import type { Member, Project } from "./project.ts";

/**
 * The project without a network and what was tuned from it. Plans that go through them go with them, and the front and the result on
 * corrupted images that hold such plans.
 * @param sha256 of a network beside the backbone
 */
export function withoutNetwork<Own extends Project>(project: Own, sha256: string): Own {
  const gone = project.members
    .filter((member) => isOrFrom(member, sha256))
    .map(({ backbone }) => backbone.summary.sha256);
  const goesThrough = ({ chain = [] }: { readonly chain?: readonly string[] }) =>
    chain.some((own) => gone.includes(own));
  const isOfFront = project.front !== undefined && frontPlans(project.front).some(goesThrough);
  const { design, backbone, robustness } = project;
  const members = project.members.filter((member) => !isOrFrom(member, sha256));
  return {
    ...project,
    members,
    plans: isOfFront ? [] : project.plans.filter((plan) => !goesThrough(plan)),
    front: isOfFront ? undefined : project.front && withFrozenOf(project.front, members),
    design: design && designWithout(design, backbone.summary.sha256, gone),
    robustness: robustness && triedPlans(robustness).some(goesThrough) ? undefined : robustness,
  };
}

/** What plans without tuned networks come to is said beside those with such. */
function withFrozenOf(front: FrontFile, members: readonly Member[]): FrontFile {
  return members.some(isTuned) ? front : { ...front, frozen: undefined };
}

function isOrFrom({ backbone, tunedFrom }: Member, sha256: string): boolean {
  return backbone.summary.sha256 === sha256 || tunedFrom === sha256;
}

/**
 * The project with a tuned network as its last, in the place of what was tuned from the same network before.
 * @param tuned calibrated on the project's samples, named by `tunedName`
 */
export function withTuned<Own extends Project>(
  project: Own,
  tuned: Member & { readonly tunedFrom: string },
): Own {
  const before = project.members.find(({ tunedFrom }) => tunedFrom === tuned.tunedFrom);
  const kept = before ? withoutNetwork(project, before.backbone.summary.sha256) : project;
  return { ...kept, members: [...kept.members, tuned] };
}
