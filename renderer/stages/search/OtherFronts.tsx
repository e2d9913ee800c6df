import { Trash2 } from "lucide-react";
import { formatCounted, formatFactor, formatPercent } from "../../../shared/base/format-number.ts";
import type { OtherFront } from "../../../shared/files/other-front.ts";
import { againstOwnBackbone, isSameGround } from "../../../shared/presentation/chart/other-fronts.ts";
import { runCommand } from "../../state/commands.ts";
import { currentGround, removeOtherFront, useOtherFronts } from "../../state/other-fronts.ts";
import { usePlans } from "../../state/plan-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import panelStyles from "../../ui/panel.module.css";
import textStyles from "../../ui/text.module.css";
import { whenInWords } from "../../ui/when-in-words.ts";

/** Fronts of other projects on the chart. */
export function OtherFronts() {
  const { fronts } = useOtherFronts();
  return (
    <section className={panelStyles.section} aria-label="Other projects">
      <h3>Other projects</h3>
      <p className={textStyles.note}>
        Lay the front of another project over the chart, out of its file or its front.json. Of another network
        or target it is drawn by speed-up and change against its own backbone.
      </p>
      {fronts.map((front, slot) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same file may be laid over twice
        <OtherRow key={slot} front={front} />
      ))}
      <Button onClick={() => runCommand("chart.overlay")}>Add a front…</Button>
    </section>
  );
}

function OtherRow({ front }: { readonly front: OtherFront }) {
  // Which target is chosen says whether its figures hold as they are.
  usePlans((state) => state.backbone);
  const here = currentGround();
  const fastest = againstOwnBackbone(front, front.plans[0]);
  const facts = [
    `saved ${whenInWords(front.savedAt, new Date())}`,
    formatCounted(front.plans.length, "plan"),
    `backbone ${formatPercent(front.backbone.accuracy)}, up to ${formatFactor(fastest.speedup)}`,
    ...(here && isSameGround(front, here) ? [] : ["relative to its own backbone"]),
  ];
  return (
    <div className={layoutStyles.row}>
      <span className={layoutStyles.space}>
        <bdi>{front.name}</bdi>
        <span className={textStyles.note}> {facts.join(" · ")}</span>
      </span>
      <IconButton label={`Remove ${front.name} from the chart`} onClick={() => removeOtherFront(front)}>
        <Trash2 size={14} />
      </IconButton>
    </div>
  );
}
