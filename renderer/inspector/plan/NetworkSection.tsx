import { useMemo } from "react";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { networksOf } from "../../../shared/model/plan.ts";
import { memberProfile, type Profile } from "../../../shared/model/profile.ts";
import { type NetworkRow, networkRow, networkRows } from "../../../shared/presentation/exits/network-rows.ts";
import { chainLabel } from "../../../shared/presentation/words/describe-plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { obstacleToNetwork } from "../../state/live/network-obstacle.ts";
import { useLive } from "../../state/live-store.ts";
import { useNetworkTitles } from "../../state/network-titles.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import textStyles from "../../ui/text.module.css";
import { Section } from "../pieces/Section.tsx";
import styles from "./NetworkSection.module.css";

/** The networks that the live plan goes through, with what each sees, answers, takes and needs; then the others. */
export function NetworkSection() {
  const project = useOpenProject();
  const chain = useDesign((state) => state.chain);
  const titles = useNetworkTitles();
  return (
    <Section
      id="plan.networks"
      title="Networks"
      note={chain ? chainLabel({ chain }, titles) : "the backbone alone"}
    >
      <Networks project={project} />
    </Section>
  );
}

function Networks({ project }: { readonly project: ProjectView }) {
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const rates = useLive(({ figures }) => figures?.exitRates);
  const profile = useTargetProfile();
  const titles = useNetworkTitles();
  const networks = useMemo(() => timedNetworks(project, profile), [project, profile]);
  const onTheWay = networksOf({ chain }, project.backbone.sha256);
  const others = networks.filter(({ summary }) => !onTheWay.includes(summary.sha256));
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" title="Share of all samples that reach the network">
            sees
          </th>
          <th scope="col" title="Share of all samples that leave in the network">
            answers
          </th>
          <th
            scope="col"
            title="Latency of the whole network, bringing the image to its size and scale included"
          >
            whole
          </th>
          <th scope="col" title="Weights and activations at batch 1">
            memory
          </th>
        </tr>
      </thead>
      {networkRows({ exits, chain }, rates, networks, titles).map((row) => (
        <Row key={row.sha256} row={row} isBackbone={row.sha256 === titles.backbone} />
      ))}
      {others.map((network) => {
        const { sha256 } = network.summary;
        return (
          <Row
            key={sha256}
            row={networkRow(network, titles)}
            isBackbone={sha256 === titles.backbone}
            instead={obstacleToNetwork(project, profile, sha256) ?? "not in the plan"}
          />
        );
      })}
    </table>
  );
}

interface RowProps {
  readonly row: NetworkRow;
  readonly isBackbone: boolean;
  /** Why it sees and answers nothing. */
  readonly instead?: string;
}

/** The name above its figures: names are long, and the column is narrow. */
function Row({ row, isBackbone, instead }: RowProps) {
  const { name, sees, answers, latency, memory, memoryNote } = row;
  return (
    <tbody className={instead === undefined ? undefined : styles.other}>
      <tr>
        <th scope="rowgroup" colSpan={4}>
          <bdi>{name}</bdi>
          {isBackbone && <small>backbone</small>}
        </th>
      </tr>
      <tr>
        {instead === undefined ? (
          <>
            <td>{sees ?? "–"}</td>
            <td className={textStyles.strong}>{answers ?? "–"}</td>
          </>
        ) : (
          <td colSpan={2}>{instead}</td>
        )}
        <td>{latency ?? "–"}</td>
        <td title={memoryNote}>{memory}</td>
      </tr>
    </tbody>
  );
}

function timedNetworks({ backbone, members }: ProjectView, profile: Profile | undefined) {
  return [
    { summary: backbone, timed: profile },
    ...members.map((member) => ({
      summary: member.backbone,
      timed: profile && memberProfile(profile, member.backbone),
    })),
  ];
}
