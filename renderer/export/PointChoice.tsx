import { useShallow } from "zustand/react/shallow";
import { formatMs, formatPercent } from "../../shared/base/format-number.ts";
import { livePlanOf, useDesign } from "../state/design-store.ts";
import { useLive } from "../state/live-store.ts";
import { knownFigures } from "../state/plan-store.ts";
import { choosePoint, useExportForm } from "../state/stages/export-form.ts";
import { CheckField } from "../ui/Field.tsx";
import textStyles from "../ui/text.module.css";
import styles from "./ExportDialog.module.css";
import { type OfferedPoint, offeredPoints } from "./operating-points.ts";
import { useTogether } from "./together.ts";

/** What the pinned plans are to an export of the live one, whose exits may answer together. */
export function useOfferedPoints(): OfferedPoint[] {
  const pinned = useDesign((design) => design.pinned);
  const live = useDesign(useShallow(livePlanOf));
  const { chosen } = useTogether();
  return offeredPoints(chosen?.plan ?? live, pinned);
}

/** Pinned plans that the files may be switched to. */
export function PointChoice() {
  const offered = useOfferedPoints();
  const hasExits = useDesign(({ exits }) => exits.length > 0);
  if (!hasExits) return null;
  return (
    <fieldset className={styles.group}>
      <legend>Operating points</legend>
      <p className={textStyles.hint}>
        {offered.length > 0
          ? "Pinned plans whose thresholds the files hold too, by their names: a product switches between them without loading anything."
          : "Pin plans that differ from the live one in thresholds alone, and the files can be switched to them without loading anything."}
      </p>
      {offered.map((point, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pinned plan is its index
        <Point key={index} {...point} />
      ))}
    </fieldset>
  );
}

function Point({ plan, obstacle }: OfferedPoint) {
  const chosen = useExportForm(({ points }) => points);
  useLive(({ partitionSpaces }) => partitionSpaces);
  const figures = knownFigures(plan);
  const known = figures && `${formatPercent(figures.accuracy)}, ${formatMs(figures.latencyMs.mean)} mean`;
  return (
    <CheckField
      label={plan.name}
      hint={obstacle ?? known ?? undefined}
      checked={obstacle === undefined && chosen.includes(plan.name)}
      disabled={obstacle !== undefined}
      onCheck={(isOn) => choosePoint(plan.name, isOn)}
    />
  );
}
