import {
  formatEnergy,
  formatFactor,
  formatMs,
  formatPercent,
  formatSignedPoints,
} from "../../../shared/base/format-number.ts";
import { statedCost } from "../../../shared/files/front-file.ts";
import type { OtherFront, OtherPlan } from "../../../shared/files/other-front.ts";
import { axes } from "../../../shared/presentation/chart/axes.ts";
import { againstOwnBackbone, isSameGround } from "../../../shared/presentation/chart/other-fronts.ts";
import { currentGround, dayOf } from "../../state/other-fronts.ts";
import styles from "./PlanFacts.module.css";

/** A plan of another project's front, by its own figures. */
export function OtherPlanFacts({ front, plan }: { readonly front: OtherFront; readonly plan: OtherPlan }) {
  const here = currentGround();
  const { speedup, change } = againstOwnBackbone(front, plan);
  const formatCost = front.measure === "energy" ? formatEnergy : formatMs;
  const figures = [
    { title: "Accuracy", value: formatPercent(plan.accuracy, 2) },
    { title: "Change", value: formatSignedPoints(100 * change) },
    { title: axes[front.measure].title, value: formatCost(statedCost(plan, front.measure)) },
    { title: "Gain", value: formatFactor(speedup) },
    { title: "Exits", value: String(plan.exits) },
  ];
  return (
    <>
      <strong>
        <bdi>{front.name}</bdi>, {dayOf(front)}
      </strong>
      <dl className={styles.figures}>
        {figures.map(({ title, value }) => (
          <div key={title}>
            <dt>{title}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.plan}>
        {here && isSameGround(front, here)
          ? "Of another project with this network and target, as its file says."
          : "Of another network or target: its own figures, and drawn by its gain and change against its own backbone."}
      </p>
    </>
  );
}
