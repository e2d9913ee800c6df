import { memo } from "react";
import { formatPercent } from "../../../shared/base/format-number.ts";
import { networkOf, outputQuality } from "../../../shared/files/project-view.ts";
import type { OutputQuality } from "../../../shared/files/summary.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { reliabilityDiagram } from "../../../shared/presentation/exits/reliability-diagram.ts";
import { useProject } from "../../state/project-store.ts";
import { Drawing } from "../../ui/Drawing.tsx";
import textStyles from "../../ui/text.module.css";
import { Facts } from "../pieces/Facts.tsx";
import { Section } from "../pieces/Section.tsx";
import styles from "./ReliabilitySection.module.css";

/** How far the head's confidence can be believed; the one part of the inspector that is of the test split. */
export const ReliabilitySection = memo(function ReliabilitySection({
  policy,
  ...exit
}: Readonly<Pick<PlanExit, "member" | "cutPoint" | "head" | "policy">>) {
  const quality = useProject(({ project }) => {
    const network = project ? networkOf(project, exit.member) : undefined;
    return network && outputQuality(network, exit);
  });
  return (
    <Section id="exit.reliability" title="Reliability" note="test split">
      {quality ? <Quality quality={quality} policy={policy} /> : <NoQuality />}
    </Section>
  );
});

function Quality({ quality, policy }: { readonly quality: OutputQuality; readonly policy: string }) {
  const auroc = quality.failurePredictionAuroc[policy];
  return (
    <div className={styles.quality}>
      <Drawing drawing={reliabilityDiagram(quality.reliability)} />
      <div className={styles.facts}>
        <Facts
          facts={[
            { label: "Accuracy", value: formatPercent(quality.accuracy) },
            {
              label: "ECE",
              value: quality.expectedCalibrationError.toFixed(3),
              note: "best: 0",
            },
            { label: "AUROC", value: auroc?.toFixed(3) ?? "–", note: "chance: 0.5" },
            { label: "Temperature", value: quality.temperature.toFixed(2) },
          ]}
        />
      </div>
    </div>
  );
}

function NoQuality() {
  return (
    <p className={textStyles.soft}>
      This project has no calibration report of the head. Training and calibrating it again makes one.
    </p>
  );
}
