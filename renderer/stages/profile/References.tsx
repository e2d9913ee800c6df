import { Download, Trash2, Waypoints } from "lucide-react";
import { useEffect, useRef } from "react";
import { formatBytes, formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import type { ReferenceModel } from "../../../shared/model/reference-model.ts";
import { useJobs } from "../../state/job-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { addReferenceAsNetwork, obstacleToAdding } from "../../state/stages/members.ts";
import { saveQuantised, useObstacleToMeasuring } from "../../state/stages/quantise.ts";
import { addReference, removeReference, useChanging } from "../../state/stages/run-stages.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { useTargetProfile } from "../../state/target-profile.ts";
import { openDialog } from "../../state/view-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "../../ui/panel.module.css";
import textStyles from "../../ui/text.module.css";
import listStyles from "./ProfilePanel.module.css";

/** Static networks that plans have to beat. */
export function References() {
  const project = useOpenProject();
  const running = useJobs((jobs) => jobs.reference !== undefined);
  const changing = useChanging();
  const profile = useTargetProfile();
  const obstacle = useObstacleToMeasuring();
  const section = useRef<HTMLElement>(null);
  // A command may have started it while the panel shows another part, or none.
  useEffect(() => {
    if (running) section.current?.scrollIntoView({ block: "nearest" });
  }, [running]);
  return (
    <section ref={section} className={styles.section}>
      <h3>Reference models</h3>
      <p className={textStyles.note}>
        Other ONNX classifiers of the same classes: a smaller static network, or the backbone with 8-bit
        integers. They are points on the chart: a plan that loses to one isn't worth its exits.
      </p>
      {project.references.length > 0 && (
        <ul className={listStyles.list}>
          {project.references.map((reference) => (
            <li key={`${reference.sha256} ${reference.target}`}>
              <ReferenceRow reference={reference} isElsewhere={reference.target !== profile?.id} />
            </li>
          ))}
        </ul>
      )}
      {running ? (
        <StageProgress kind="reference" title="Timing and testing the reference model" />
      ) : (
        <div className={layoutStyles.wrap}>
          <Button disabled={changing || obstacle !== undefined} onClick={() => void addReference()}>
            Add reference model…
          </Button>
          <Button
            title="Make the backbone with 8-bit integers"
            disabled={changing || obstacle !== undefined}
            onClick={() => openDialog("quantise")}
          >
            Quantise…
          </Button>
          {obstacle && <span className={textStyles.note}>{obstacle}</span>}
        </div>
      )}
    </section>
  );
}

interface ReferenceRowProps {
  readonly reference: ReferenceModel;
  /** Whether it was timed on another target than plans are. */
  readonly isElsewhere: boolean;
}

function ReferenceRow({ reference, isElsewhere }: ReferenceRowProps) {
  const { name, sha256, accuracy, latencyMs, macs, bytes, quantised } = reference;
  const hasData = useOpenProject(({ data }) => data?.available === true);
  const isNetwork = useOpenProject(({ members }) =>
    members.some(({ backbone }) => backbone.sha256 === sha256),
  );
  const obstacle = useOpenProject(obstacleToAdding);
  const changing = useChanging();
  return (
    <>
      <div className={listStyles.text}>
        <p className={listStyles.title}>{name}</p>
        <p>
          {formatPercent(accuracy)} · {formatMs(latencyMs.mean)}{" "}
          <span className={textStyles.note}>
            p95 {formatMs(latencyMs.p95)} · {formatQuantity(macs)} MACs · {formatBytes(bytes)}
            {isElsewhere && " · on another target"}
          </span>
        </p>
      </div>
      <div className={listStyles.actions}>
        {quantised && (
          <IconButton
            label={`Save ${name} as ONNX…`}
            disabled={changing || !hasData}
            onClick={() => void saveQuantised(reference)}
          >
            <Download size={14} />
          </IconButton>
        )}
        {!quantised && !isNetwork && (
          <IconButton
            label={`Let plans go through ${name}`}
            disabled={changing || obstacle !== undefined}
            onClick={() => void addReferenceAsNetwork(reference)}
          >
            <Waypoints size={14} />
          </IconButton>
        )}
        <IconButton label={`Remove ${name}`} disabled={changing} onClick={() => void removeReference(sha256)}>
          <Trash2 size={14} />
        </IconButton>
      </div>
    </>
  );
}
