import { useMemo } from "react";
import { z } from "zod";
import { formatQuantity } from "../../../shared/base/format-number.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import type { SearchChoices } from "../../../shared/model/design.ts";
import { describeLink } from "../../../shared/presentation/words/describe-link.ts";
import { describeUseCase } from "../../../shared/presentation/words/describe-use-case.ts";
import { setSearch, useDesign } from "../../state/design-store.ts";
import { useEngine } from "../../state/engine-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { offeredPolicies } from "../../state/live/provide-policy.ts";
import { useLive } from "../../state/live-store.ts";
import { notifyError } from "../../state/notice-store.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { NextStepAction } from "../../state/stages/NextStepAction.tsx";
import {
  algorithmChoices,
  chosenAlgorithm,
  chosenPolicies,
  goalChoices,
  optionHint,
  optionRange,
  type SearchForm,
  searchedOffload,
  searchForm,
} from "../../state/stages/search-form.ts";
import { isSameSearch, searchRequest, startSearch } from "../../state/stages/start-search.ts";
import { useNextStep } from "../../state/stages/use-stages.ts";
import { useTargetTitles } from "../../state/target-titles.ts";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { CheckField, NumberField, SelectField } from "../../ui/Field.tsx";
import { Glossed } from "../../ui/Glossed.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { OptionFields } from "../../ui/OptionFields.tsx";
import panelStyles from "../../ui/panel.module.css";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import { OtherFronts } from "./OtherFronts.tsx";
import { estimatedPlans, isEnormous } from "./plan-count.ts";
import { searchPolicy } from "./policy-choice.ts";
import { SearchHistory } from "./SearchHistory.tsx";
import styles from "./SearchPanel.module.css";
import { SearchResults } from "./SearchResults.tsx";
import { SearchRunning } from "./SearchRunning.tsx";

/** Where a search is set up, runs, and shows how its algorithms did. */
export function SearchPanel() {
  const hasSpace = useLive(({ space }) => space !== null);
  const next = useNextStep();
  if (!hasSpace)
    return (
      <EmptyState idea="search" title="Search for plans" action={<NextStepAction />}>
        A search weighs accuracy against latency: it chooses where the exits sit and when they fire.{" "}
        {next?.lacks}
      </EmptyState>
    );
  return (
    <>
      <Setup />
      <SearchResults />
      <SearchHistory />
      <OtherFronts />
    </>
  );
}

function Setup() {
  const search = useDesign((design) => design.search);
  const form = useMemo(() => searchForm({ search }), [search]);
  const disabled = useJobs(({ search }) => search !== undefined);
  const part = {
    form,
    disabled,
    onChange: setSearch,
  };
  return (
    <section className={panelStyles.section}>
      <UseCaseLine />
      <Aims {...part} />
      <Sizes {...part} />
      <AlgorithmOptions {...part} />
      <Policies {...part} />
      <SecondTargetChoice {...part} />
      <Extras {...part} />
      <Estimate form={form} />
      {disabled ? <SearchRunning /> : <Start form={form} />}
    </section>
  );
}

interface PartProps {
  readonly form: SearchForm;
  readonly disabled: boolean;
  onChange(change: SearchChoices): void;
}

/** What is searched, and how. */
function Aims({ form, disabled, onChange }: PartProps) {
  const algorithm = chosenAlgorithm(form);
  return (
    <>
      <SelectField
        label="Algorithm"
        choices={algorithmChoices}
        value={algorithm.id}
        hint={
          algorithm.exhaustive
            ? "Goes through every plan that could be on the front, and proves it."
            : "Looks at as many plans as its budget allows."
        }
        disabled={disabled}
        onChoose={(id) => onChange({ algorithm: id })}
      />
      <SelectField
        label="Goal"
        choices={goalChoices}
        value={form.goal}
        hint={optionHint("goal")}
        disabled={disabled}
        onChoose={(goal) => onChange({ goal: goal as SearchForm["goal"] })}
      />
    </>
  );
}

/** How large the space is, and how long it may take. */
function Sizes({ form, disabled, onChange }: PartProps) {
  const { exhaustive } = chosenAlgorithm(form);
  const integer = (label: string, key: "maxExits" | "levels" | "budget" | "seed", unit?: string) => (
    <NumberField
      label={label}
      unit={unit}
      {...optionRange(key)}
      value={form[key]}
      disabled={disabled}
      onCommit={(value) => onChange({ [key]: Math.round(value) })}
    />
  );
  return (
    <>
      <div className={layoutStyles.fields}>
        {integer("Most exits", "maxExits")}
        {integer("Threshold levels", "levels")}
        {(!exhaustive || (form.compare && form.goal === "front")) &&
          integer(exhaustive ? "Others' budget" : "Budget", "budget", "plans")}
        {integer("Seed", "seed")}
      </div>
      <NumberField
        label="Time limit"
        unit="s"
        hint={optionHint("timeLimit")}
        optional
        {...optionRange("timeLimit")}
        placeholder="none"
        value={form.timeLimit ?? undefined}
        disabled={disabled}
        onCommit={(timeLimit) => onChange({ timeLimit: timeLimit ?? null })}
      />
    </>
  );
}

/** What the chosen algorithm alone can be told. */
function AlgorithmOptions({ form, onChange }: PartProps) {
  const { id, options } = chosenAlgorithm(form);
  const schema = useMemo(
    () => z.toJSONSchema(options, { io: "input" }) as Record<string, unknown>,
    [options],
  );
  const own = form.algorithmOptions[id] ?? {};
  return (
    <OptionFields
      schema={schema}
      values={own}
      onChange={(key, value) =>
        onChange({ algorithmOptions: { ...form.algorithmOptions, [id]: { ...own, [key]: value } } })
      }
    />
  );
}

function Extras({ form, disabled, onChange }: PartProps) {
  const isBest = form.goal === "best";
  const isGuaranteed = useDesign(({ useCase }) => useCase.confidence !== undefined);
  return (
    <>
      <CheckField
        label="Cross-fit"
        hint={
          isGuaranteed
            ? "A guarantee tests its plan on samples of its own; there is nothing left to report."
            : asSentence(optionHint("crossFit"))
        }
        checked={form.crossFit && !isGuaranteed}
        disabled={disabled || isGuaranteed}
        onCheck={(crossFit) => onChange({ crossFit })}
      />
      <CheckField
        label={optionHint("refine")}
        checked={form.refine}
        disabled={disabled}
        onCheck={(refine) => onChange({ refine })}
      />
      <CheckField
        label="Compare with the other algorithms"
        hint={isBest ? "Fronts compare with fronts; not with a single plan." : undefined}
        checked={form.compare && !isBest}
        disabled={disabled || isBest}
        onCheck={(compare) => onChange({ compare })}
      />
    </>
  );
}

function Start({ form }: { readonly form: SearchForm }) {
  const canGoOn = useCanGoOn(form);
  return (
    <Button look="primary" className={panelStyles.wide} onClick={() => void startSearch().catch(notifyError)}>
      {canGoOn ? "Continue the search" : "Run the search"}
    </Button>
  );
}

/** Whether the last search was stopped, and the next one would resume it. */
function useCanGoOn(form: SearchForm): boolean {
  const project = useOpenProject();
  const design = useDesign();
  const last = useSearchRun(({ request }) => request);
  return project.canGoOn && isSameSearch(last, searchRequest(form, project, design));
}

function UseCaseLine() {
  const useCase = useDesign((state) => state.useCase);
  return (
    <p>
      <span className={textStyles.soft}>Use case </span>
      <strong>{describeUseCase(useCase)}</strong>
      <span className={textStyles.soft}> · front of {useCase.latency} latency</span>
    </p>
  );
}

function Policies({ form, disabled }: Pick<PartProps, "form" | "disabled">) {
  const project = useOpenProject();
  const offers = useEngine((state) => state.offers);
  const chosen = chosenPolicies(form, project.policies);
  return (
    <fieldset className={styles.policies}>
      <legend>
        <Glossed>Exit policies</Glossed>
      </legend>
      {offeredPolicies(project, offers).map((policy) => (
        <CheckField
          key={policy}
          label={offers?.policies.find(({ id }) => id === policy)?.title ?? policy}
          checked={chosen.includes(policy)}
          disabled={disabled || (chosen.length === 1 && chosen[0] === policy)}
          onCheck={(isOn) => searchPolicy(policy, isOn)}
        />
      ))}
    </fieldset>
  );
}

/** Whether the partition for the chosen second target is searched too; nothing where there is one target. */
function SecondTargetChoice({ form, disabled, onChange }: PartProps) {
  const profiles = useOpenProject((project) => project.profiles);
  const design = useDesign();
  const { offload, useCase } = design;
  const titles = useTargetTitles();
  const server = offload && profiles.find(({ id }) => id === offload.server);
  if (!server) return null;
  const isGuaranteed = useCase.confidence !== undefined;
  return (
    <CheckField
      label="Search for the best partitions too"
      hint={
        isGuaranteed
          ? "A guarantee is tested for one target only: plans of the device alone are searched."
          : `Server: ${titles.whole(server.id)}; link ${describeLink(offload.link)}. Off: plans of the device alone.`
      }
      checked={form.cut && !isGuaranteed}
      disabled={disabled || isGuaranteed}
      onCheck={(cut) => onChange({ cut })}
    />
  );
}

function Estimate({ form }: { readonly form: SearchForm }) {
  const space = useLive((state) => state.space)!;
  const tables = useOpenProject((project) => project.policies);
  const partitions = useLive(
    ({ partitionSpaces }) => partitionSpaces.filter(({ partition }) => partition).length,
  );
  const design = useDesign();
  const searchedPartitions = searchedOffload(form, design) ? partitions : 0;
  const plans =
    (1 + searchedPartitions) *
    estimatedPlans(space, chosenPolicies(form, tables), form.maxExits, form.levels);
  const { latency } = design.useCase;
  if (chosenAlgorithm(form).exhaustive && isEnormous(plans, form.goal, latency)) {
    const isBestQuick = form.goal === "front" && !isEnormous(plans, "best", latency);
    const advice = isBestQuick
      ? "The best plan alone is proven far sooner; fewer exits, levels or policies help as well."
      : "Fewer exits, levels or policies, or another algorithm, are quicker.";
    return (
      <p className={surfaceStyles.warning}>
        {`About ${formatQuantity(plans)} plans: an exact search may take very long. ${advice}`}
      </p>
    );
  }
  const where = searchedPartitions > 0 ? `, on the device alone and at ${searchedPartitions} partitions` : "";
  return <p className={textStyles.note}>{`About ${formatQuantity(plans)} plans to choose from${where}.`}</p>;
}
