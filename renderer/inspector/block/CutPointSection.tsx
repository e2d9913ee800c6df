import { Plus } from "lucide-react";
import { formatBytes, formatPercent } from "../../../shared/base/format-number.ts";
import type { ProjectView } from "../../../shared/files/project-view.ts";
import { type CutPoint, featureText } from "../../../shared/model/backbone.ts";
import { isAt } from "../../../shared/model/plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { useEngine } from "../../state/engine-store.ts";
import { addExit, canPlaceExit } from "../../state/live/plan-editing.ts";
import { useProject } from "../../state/project-store.ts";
import { openPanel, select } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import textStyles from "../../ui/text.module.css";
import { Facts } from "../pieces/Facts.tsx";
import { Section } from "../pieces/Section.tsx";

/** The place behind a block where an exit may be attached: what crosses there, which heads are trained. */
export function CutPointSection({ cut }: { readonly cut: CutPoint }) {
  const project = useProject((state) => state.project);
  if (!project) return null;
  return (
    <Section
      id="block.cutPoint"
      title="Cut point"
      note={`${cut.index + 1} of ${project.backbone.cutPoints.length}`}
    >
      <Facts
        facts={[
          { label: "Tensor", value: <bdi className={textStyles.code}>{cut.tensor}</bdi> },
          { label: "Shape", value: `${featureText(cut, " × ")} ${cut.type}` },
          { label: "MACs up to here", value: formatPercent(cut.macsShare) },
          { label: "Crosses to the rest", value: formatBytes(cut.activationBytes) },
        ]}
      />
      <TrainedHeads project={project} cutPoint={cut.tensor} />
      <PlaceExit project={project} cutPoint={cut.tensor} />
    </Section>
  );
}

function TrainedHeads({ project, cutPoint }: { readonly project: ProjectView; readonly cutPoint: string }) {
  const kinds = useEngine(({ offers }) => offers?.headKinds);
  const heads = project.heads.filter((head) => head.cutPoint === cutPoint);
  if (heads.length === 0) return null;
  const accuracyOf = (kind: string) =>
    project.outputs.find((output) => output.cutPoint === cutPoint && output.head === kind)?.accuracy;
  return (
    <Facts
      facts={heads.map(({ kind, bytes }) => {
        const accuracy = accuracyOf(kind);
        return {
          label: kinds?.find(({ id }) => id === kind)?.title ?? kind,
          value: accuracy === undefined ? "trained" : formatPercent(accuracy),
          note: `${accuracy === undefined ? "" : "test split, "}${formatBytes(bytes)}`,
        };
      })}
    />
  );
}

function PlaceExit({ project, cutPoint }: { readonly project: ProjectView; readonly cutPoint: string }) {
  const exits = useDesign((state) => state.exits);
  const chain = useDesign((state) => state.chain);
  const place = exits.findIndex((exit) => isAt(exit, { cutPoint }));
  if (place >= 0)
    return (
      <Button onClick={() => select({ kind: "exit", cutPoint })}>Show exit {place + 1}, which is here</Button>
    );
  if (canPlaceExit(project, { exits, chain }, { cutPoint }))
    return (
      <Button look="primary" icon={<Plus size={14} />} onClick={() => addExit({ cutPoint })}>
        Add exit here
      </Button>
    );
  return (
    <>
      <p className={textStyles.soft}>No head is trained here, so no exit can stand here yet.</p>
      <Button onClick={() => openPanel("heads")}>Train heads</Button>
    </>
  );
}
