import { plansOnDevice, type Robustness, type TriedFront } from "../../files/robustness.ts";
import { isSamePlan, type PartitionedPlan } from "../../model/plan.ts";
import { asList } from "../words/as-list.ts";

/** What is looked at beside a result on corrupted images. */
export interface RobustnessSubject {
  /** Wherever it is partitioned: corrupted images are tried on the device alone. */
  readonly plan: PartitionedPlan;
  /** Id of its profile. */
  readonly target: string | undefined;
  /** The project's. */
  readonly front: TriedFront | null | undefined;
}

/** What else a result is of, as parts of a sentence; nothing if it is of the subject. */
export function staleParts(
  { plan, profile, front }: Pick<Robustness, "plan" | "profile" | "front">,
  subject: RobustnessSubject,
): string[] {
  const now = plansOnDevice(subject.front);
  const isFront =
    front.length === now.length && front.every((own, index) => isSamePlan(own, onDevice(now[index])));
  return [
    ...(isSamePlan(plan, onDevice(subject.plan)) ? [] : ["another plan than the live one"]),
    ...(profile === subject.target ? [] : ["another target"]),
    ...(isFront ? [] : ["another front"]),
  ];
}

/** @param parts see {@link staleParts} */
export function describeStale(parts: readonly string[]): string {
  return parts.length > 0 ? `Out of date: of ${asList(parts)}.` : "Of the live plan and the project's front.";
}

function onDevice({ exits, chain }: PartitionedPlan): PartitionedPlan {
  return { exits, chain };
}
