import type { Member, TrainedProject } from "../../electron/engine/index.ts";
import type { KindOfPlans } from "../plans/kinds-of-plans.ts";

/** Plans through frozen and through tuned networks, alone and in chains; the last kind holds all others. */
export function tuningKinds({ members, backbone }: TrainedProject): KindOfPlans[] {
  const tuned = members.filter(({ tunedFrom }) => tunedFrom !== undefined);
  const isOf = (some: readonly Member[]) => (sha256: string) =>
    some.some((member) => member.backbone.summary.sha256 === sha256);
  const isTuned = isOf(tuned);
  const isBackboneTuned = isOf(tuned.filter(({ tunedFrom }) => tunedFrom === backbone.summary.sha256));
  return [
    { name: "frozen alone", spaces: (all) => all.filter(({ chain }) => chain === undefined) },
    {
      name: "tuned alone",
      spaces: (all) => all.filter(({ chain }) => chain?.length === 1 && isBackboneTuned(chain[0])),
    },
    { name: "frozen", spaces: (all) => all.filter(({ chain = [] }) => !chain.some(isTuned)) },
    { name: "tuned", spaces: (all) => all },
  ];
}
