import { ChevronLeft, ChevronRight, Trash2 } from "lucide-react";
import { networkOf, type ProjectView } from "../../../shared/files/project-view.ts";
import { type ExitPlace, isAt, outputHead, type PlanExit } from "../../../shared/model/plan.ts";
import { whereExitStands } from "../../../shared/presentation/words/describe-plan.ts";
import { useDesign } from "../../state/design-store.ts";
import { useEngine } from "../../state/engine-store.ts";
import { changeExit, removeExitAt } from "../../state/live/plan-editing.ts";
import { offeredPolicies, providePolicy } from "../../state/live/provide-policy.ts";
import { useLive } from "../../state/live-store.ts";
import { notifyError } from "../../state/notice-store.ts";
import { usePlaceNames } from "../../state/place-names.ts";
import { useProject } from "../../state/project-store.ts";
import { select } from "../../state/view-store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { ClassSection } from "../classes/ClassSection.tsx";
import { PerClassSection } from "../classes/PerClassSection.tsx";
import { ExitFieldSection } from "../field/ExitFieldSection.tsx";
import { Header } from "../pieces/Header.tsx";
import { NoFigures } from "../pieces/NoFigures.tsx";
import { Section } from "../pieces/Section.tsx";
import { ExampleSection } from "./ExampleSection.tsx";
import { ExitFigures } from "./ExitFigures.tsx";
import styles from "./ExitInspector.module.css";
import { titledVariants, withOwn } from "./exit-choices.ts";
import { ReliabilitySection } from "./ReliabilitySection.tsx";
import { ThresholdSection } from "./ThresholdSection.tsx";

/** One exit of the live plan: its choices, what leaves here, and how far its confidence can be believed. */
export function ExitInspector({ member, cutPoint }: ExitPlace) {
  const place = { member, cutPoint };
  const project = useProject((state) => state.project);
  const index = useDesign(({ exits }) => exits.findIndex((exit) => isAt(exit, place)));
  const head = useDesign(({ exits }) => exits[index]?.head);
  const policy = useDesign(({ exits }) => exits[index]?.policy);
  const hasFigures = useLive(({ figures }) => figures !== null);
  if (!project || index < 0) return null;
  return (
    <>
      <ExitHeader place={place} index={index} />
      <Choices project={project} index={index} head={head} policy={policy} />
      {hasFigures ? (
        <>
          <ThresholdSection index={index} />
          <ExitFieldSection {...place} head={head} policy={policy} />
          <PerClassSection {...place} index={index} head={head} policy={policy} />
          <Section id="exit.figures" title="What it does">
            <ExitFigures index={index} />
          </Section>
          <ReliabilitySection {...place} head={head} policy={policy} />
          <ClassSection {...place} index={index} head={head} policy={policy} />
          <ExampleSection {...place} index={index} head={head} policy={policy} />
        </>
      ) : (
        <NoFigures />
      )}
    </>
  );
}

function ExitHeader({ place, index }: { readonly place: ExitPlace; readonly index: number }) {
  const count = useDesign(({ exits }) => exits.length);
  const exit = useDesign(({ exits }) => exits[index]);
  const chain = useDesign((design) => design.chain);
  const places = usePlaceNames();
  const selectNeighbour = (step: -1 | 1) => {
    const neighbour = useDesign.getState().exits[index + step];
    if (neighbour) select({ kind: "exit", member: neighbour.member, cutPoint: neighbour.cutPoint });
  };
  return (
    <Header
      kind={`Exit ${index + 1}`}
      note={`of ${count}`}
      name={whereExitStands(exit, { chain }, places)}
      tensor={place.cutPoint}
    >
      <IconButton label="Previous exit" disabled={index === 0} onClick={() => selectNeighbour(-1)}>
        <ChevronLeft size={16} />
      </IconButton>
      <IconButton label="Next exit" disabled={index === count - 1} onClick={() => selectNeighbour(1)}>
        <ChevronRight size={16} />
      </IconButton>
      <IconButton label="Remove this exit" onClick={() => removeExitAt(place)}>
        <Trash2 size={15} />
      </IconButton>
    </Header>
  );
}

function Choices({
  project,
  index,
  head,
  policy,
}: {
  readonly project: ProjectView;
  readonly index: number;
} & Pick<PlanExit, "head" | "policy">) {
  const cutPoint = useDesign(({ exits }) => exits[index].cutPoint);
  const member = useDesign(({ exits }) => exits[index].member);
  const offers = useEngine((state) => state.offers);
  const trained = networkOf(project, member)?.heads ?? [];
  const heads = trained.filter((own) => own.cutPoint === cutPoint).map(({ kind }) => kind);
  return (
    <div className={styles.choices}>
      {head === outputHead ? (
        <SelectField
          label="Head"
          choices={[{ value: head, label: "none (own output)" }]}
          value={head}
          onChoose={() => {}}
        />
      ) : (
        <SelectField
          label="Head"
          choices={titledVariants(withOwn(heads, head), offers?.headKinds)}
          value={head}
          onChoose={(chosen) => changeExit(index, { head: chosen })}
        />
      )}
      <SelectField
        label="Exit policy"
        choices={titledVariants(withOwn(offeredPolicies(project, offers), policy), offers?.policies)}
        value={policy}
        onChoose={(chosen) =>
          void providePolicy(chosen)
            .then(() => changeExit(index, { policy: chosen }))
            .catch(notifyError)
        }
      />
    </div>
  );
}
