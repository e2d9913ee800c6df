import { planColumns } from "../../shared/presentation/plans/plan-columns.ts";
import { useDesign } from "../state/design-store.ts";
import { knownFigures, usePlans } from "../state/plan-store.ts";
import { choosePoint, useExportForm } from "../state/stages/export-form.ts";
import { CheckField } from "../ui/Field.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./ExportDialog.module.css";
import { useOfferedPoints } from "./use-offered-points.ts";

const pointFigures = [planColumns.accuracy, planColumns.mean] as const;

/** Pinned plans that the files may be switched to. */
export function Points() {
  const { points } = useExportForm();
  const offered = useOfferedPoints();
  const hasExits = useDesign(({ exits }) => exits.length > 0);
  const backbone = usePlans((plans) => plans.backbone);
  if (!hasExits) return null;
  return (
    <fieldset className={styles.group}>
      <legend>Operating points</legend>
      <p className={textStyles.hint}>
        {offered.length > 0
          ? "Pinned plans whose thresholds the files hold too, by their names: a product switches between them without loading anything."
          : "Pin plans that differ from the live one in thresholds alone, and the files can be switched to them without loading anything."}
      </p>
      {offered.map(({ plan, obstacle }, index) => {
        const figures = knownFigures(plan);
        const known =
          figures &&
          backbone &&
          pointFigures.map((column) => column.format(column.of(figures, backbone, plan))).join(", ");
        return (
          <CheckField
            // biome-ignore lint/suspicious/noArrayIndexKey: a pinned plan is its index
            key={index}
            label={plan.name}
            hint={obstacle ?? known ?? undefined}
            checked={obstacle === undefined && points.includes(plan.name)}
            disabled={obstacle !== undefined}
            onCheck={(isOn) => choosePoint(plan.name, isOn)}
          />
        );
      })}
    </fieldset>
  );
}
