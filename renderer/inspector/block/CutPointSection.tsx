import { Plus } from "lucide-react";
import { formatBytes, formatPercent } from "../../../shared/base/format-number.ts";
import type { NetworkView, ProjectView } from "../../../shared/files/project-view.ts";
import { networkOf } from "../../../shared/files/project-view.ts";
import { type CutPoint, featureText } from "../../../shared/model/backbone.ts";
import { type ExitPlace, isAt, networksOf } from "../../../shared/model/plan.ts";
import { readyExitText, uncalibratedExits } from "../../../shared/presentation/words/ready-exits.ts";
import { useNetwork } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { useEngine } from "../../state/engine-store.ts";
import { addExit, canPlaceExit } from "../../state/live/plan-editing.ts";
import { useProject } from "../../state/project-store.ts";
import { NextStepAction } from "../../state/stages/NextStepAction.tsx";
import { type OfNetwork, openPanel, select } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import textStyles from "../../ui/text.module.css";
import { Facts } from "../pieces/Facts.tsx";
import { Section } from "../pieces/Section.tsx";

/** The place behind a block where an exit may be attached: what crosses there, which heads are trained. */
export function CutPointSection({ member, cut }: OfNetwork & { readonly cut: CutPoint }) {
  const project = useProject((state) => state.project);
  const network = project && networkOf(project, member);
  if (!project || !network) return null;
  const place = { member, cutPoint: cut.tensor };
  return (
    <Section
      id="block.cutPoint"
      title="Cut point"
      note={`${cut.index}, of 0 to ${network.backbone.cutPoints.length - 1}`}
    >
      <Facts
        facts={[
          { label: "Tensor", value: <bdi className={textStyles.code}>{cut.tensor}</bdi> },
          { label: "Shape", value: `${featureText(cut, " × ")} ${cut.type}` },
          { label: "MACs up to here", value: formatPercent(cut.macsShare) },
          { label: "Crosses to the rest", value: formatBytes(cut.activationBytes) },
        ]}
      />
      <TrainedHeads network={network} cutPoint={cut.tensor} />
      <PlaceExit project={project} place={place} />
    </Section>
  );
}

function TrainedHeads({ network, cutPoint }: { readonly network: NetworkView; readonly cutPoint: string }) {
  const kinds = useEngine(({ offers }) => offers?.headKinds);
  const heads = network.heads.filter((head) => head.cutPoint === cutPoint);
  if (heads.length === 0) return <ReadyHeads network={network} cutPoint={cutPoint} />;
  const accuracyOf = (kind: string) =>
    network.outputs.find((output) => output.cutPoint === cutPoint && output.head === kind)?.accuracy;
  return (
    <Facts
      facts={heads.map(({ kind, bytes }) => {
        const accuracy = accuracyOf(kind);
        return {
          label: kinds?.find(({ id }) => id === kind)?.title ?? kind,
          value: accuracy === undefined ? "there" : formatPercent(accuracy),
          note: `${accuracy === undefined ? "" : "test split, "}${formatBytes(bytes)}`,
        };
      })}
    />
  );
}

/** Exits that came with the network and aren't calibrated yet, with all that is computed up to their scores. */
function ReadyHeads({ network, cutPoint }: { readonly network: NetworkView; readonly cutPoint: string }) {
  const exits = uncalibratedExits(network).filter((exit) => exit.cutPoint === cutPoint);
  if (exits.length === 0) return null;
  return (
    <Facts
      facts={exits.map((exit) => ({
        label: exit.output,
        value: readyExitText(network.backbone, exit),
        note: "came with the network",
      }))}
    />
  );
}

function PlaceExit({ project, place }: { readonly project: ProjectView; readonly place: ExitPlace }) {
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const network = useNetwork(place.member);
  const index = exits.findIndex((exit) => isAt(exit, place));
  if (index >= 0)
    return (
      <Button onClick={() => select({ kind: "exit", ...place })}>Show exit {index + 1}, which is here</Button>
    );
  if (canPlaceExit(project, { exits, chain }, place))
    return (
      <Button look="primary" icon={<Plus size={14} />} onClick={() => addExit(place)}>
        Add exit here
      </Button>
    );
  if (network && !networksOf({ chain }, project.backbone.sha256).includes(network.sha256))
    return (
      <p className={textStyles.soft}>
        The live plan doesn't go through {network.name}: switch it on in the graph, then exits can stand here.
      </p>
    );
  const view = networkOf(project, place.member);
  if (view && view.heads.length === 0)
    return (
      <>
        <p className={textStyles.soft}>
          {uncalibratedExits(view).length > 0
            ? "The exits that came with the network stand in plans once a data set has calibrated them."
            : "No head is trained yet, so no exit can stand here."}
        </p>
        <div>
          <NextStepAction />
        </div>
      </>
    );
  return (
    <>
      <p className={textStyles.soft}>No head is trained here, so no exit can stand here yet.</p>
      <Button onClick={() => openPanel("heads")}>Train heads</Button>
    </>
  );
}
