import { Plus, Trash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { formatCount, formatFactor, formatPercent } from "../../../shared/base/format-number.ts";
import type { NetworkView } from "../../../shared/files/project-view.ts";
import { useJobs } from "../../state/job-store.ts";
import { obstacleToNetwork } from "../../state/live/network-obstacle.ts";
import { useOpenProject, useProject } from "../../state/project-store.ts";
import {
  addNetwork,
  lossWith,
  obstacleToAdding,
  removeNetwork,
  setNextImages,
  useNextImages,
} from "../../state/stages/members.ts";
import { networkFigures } from "../../state/stages/network-figures.ts";
import { useChanging } from "../../state/stages/run-stages.ts";
import { StageProgress } from "../../state/stages/StageProgress.tsx";
import { useTargetProfile } from "../../state/target-profile.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { CheckField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";
import styles from "../../ui/panel.module.css";
import { preprocessText } from "../../ui/preprocess-text.ts";
import textStyles from "../../ui/text.module.css";
import { PreprocessFields } from "../data/PreprocessFields.tsx";
import listStyles from "../profile/ProfilePanel.module.css";

/** The networks that plans may go through beside the backbone. */
export function Networks() {
  const project = useOpenProject();
  const adding = useJobs((jobs) => jobs.member !== undefined);
  const changing = useChanging();
  const obstacle = obstacleToAdding(project);
  const section = useRef<HTMLElement>(null);
  // A command or a drop may have started it.
  useEffect(() => {
    if (adding) section.current?.scrollIntoView({ block: "nearest" });
  }, [adding]);
  return (
    <section ref={section} className={styles.section}>
      <h3>Networks</h3>
      {project.members.length === 0 && (
        <p className={textStyles.note}>
          A plan may begin with another network for the same classes: a small one answers what it is sure of,
          and only the rest goes on to {project.backbone.name}. Often that is faster than exits alone at no
          loss.
        </p>
      )}
      {project.members.length > 0 && (
        <ul className={listStyles.list}>
          {project.members.map((network) => (
            <li key={network.backbone.sha256}>
              <NetworkRow network={network} />
            </li>
          ))}
        </ul>
      )}
      {adding ? (
        <StageProgress
          kind="member"
          title="Adding the network"
          stages={project.samples > 0 ? ["import", "load", "check", "train", "calibrate", "profile"] : []}
        />
      ) : (
        <div className={layoutStyles.wrap}>
          <Button
            icon={<Plus size={14} />}
            disabled={changing || obstacle !== undefined}
            onClick={() => void addNetwork()}
          >
            Add network…
          </Button>
          {obstacle && <span className={textStyles.note}>{obstacle}</span>}
        </div>
      )}
      {!adding && obstacle === undefined && project.samples > 0 && <NextImages />}
    </section>
  );
}

/** How the next network's images are made, where that isn't as the backbone's. */
function NextImages() {
  const own = useNextImages((state) => state.preprocess);
  const preprocess = useOpenProject((project) => project.preprocess);
  if (!preprocess) return null;
  return (
    <>
      <CheckField
        label="Its images are made as the backbone's, at its own size"
        checked={own === null}
        onCheck={(isSame) => setNextImages(isSame ? null : preprocess)}
      />
      {own && <PreprocessFields preprocess={own} readsBytes={false} onChange={setNextImages} />}
    </>
  );
}

function NetworkRow({ network }: { readonly network: NetworkView }) {
  const project = useOpenProject();
  const tables = useProject((state) => state.tables);
  const memberTables = useProject((state) => state.memberTables);
  const changing = useChanging();
  const profile = useTargetProfile();
  const { name, sha256, input, output } = network.backbone;
  const { accuracy, latencyShare } = networkFigures({ project, tables, memberTables }, profile, sha256);
  const obstacle = obstacleToNetwork(project, profile, sha256);
  const loss = lossWith(project, sha256);
  return (
    <>
      <div className={listStyles.text}>
        <p className={listStyles.title}>{name}</p>
        {(accuracy !== undefined || latencyShare !== undefined) && (
          <p>
            {accuracy !== undefined && `${formatPercent(accuracy)} right`}
            {latencyShare !== undefined && ` · ${formatFactor(1 / latencyShare)} as fast as the backbone`}
          </p>
        )}
        <p className={textStyles.note}>
          {formatCount(output.classes)} classes · {input.channels} x {input.height} x {input.width}
        </p>
        {network.preprocess && <p className={textStyles.note}>{preprocessText(network.preprocess)}</p>}
        {obstacle && <p className={listStyles.lacks}>No plan goes through it: {obstacle}.</p>}
      </div>
      <div className={listStyles.actions}>
        <IconButton
          label={`Remove ${name}${loss === undefined ? "" : `, and with it ${loss}`}`}
          disabled={changing}
          onClick={() => void removeNetwork(sha256)}
        >
          <Trash2 size={14} />
        </IconButton>
      </div>
    </>
  );
}
