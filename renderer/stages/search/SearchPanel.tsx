import { useMemo } from "react";
import { z } from "zod";
import { formatMs, formatQuantity } from "../../../shared/base/format-number.ts";
import { asSentence } from "../../../shared/base/sentence.ts";
import { describeTarget } from "../../../shared/presentation/words/describe-target.ts";
import { describeUseCase } from "../../../shared/presentation/words/describe-use-case.ts";
import { cameWith } from "../../../shared/presentation/words/ready-exits.ts";
import { searchAlgorithms } from "../../../shared/search/index.ts";
import { useDesign } from "../../state/design-store.ts";
import { useEngine } from "../../state/engine-store.ts";
import { useJobs } from "../../state/job-store.ts";
import { offeredPolicies, providePolicy } from "../../state/live/provide-policy.ts";
import { useLive } from "../../state/live-store.ts";
import { notifyError } from "../../state/notice-store.ts";
import { useOpenProject, useProject } from "../../state/project-store.ts";
import { useUncalibratedExits } from "../../state/ready-exits.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { useRemembered } from "../../state/settings-store.ts";
import {
  chosenAlgorithm,
  chosenPolicies,
  defaultForm,
  optionHint,
  optionRange,
  type SearchForm,
  searchedOffload,
} from "../../state/stages/search-form.ts";
import { isSameSearch, rememberedForm, searchRequest, startSearch } from "../../state/stages/start-search.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { CheckField, NumberField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { OptionFields } from "../../ui/OptionFields.tsx";
import panelStyles from "../../ui/panel.module.css";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import { estimatedPlans, isEnormous } from "./plan-count.ts";
import { SearchHistory } from "./SearchHistory.tsx";
import styles from "./SearchPanel.module.css";
import { SearchResults } from "./SearchResults.tsx";
import { SearchRunning } from "./SearchRunning.tsx";

/** Where a search is set up, runs, and shows how its algorithms did. */
export function SearchPanel() {
  const heads = useProject(({ project }) => project?.heads.length ?? 0);
  const ready = useUncalibratedExits();
  const hasSpace = useLive(({ space }) => space !== null);
  if (heads === 0)
    return (
      <EmptyState
        title="Search for plans"
        action={<Button onClick={() => openPanel("data")}>Choose a data set…</Button>}
      >
        A search chooses where the exits sit and when they fire.{" "}
        {ready > 0
          ? `${cameWith(ready)}, which a data set calibrates.`
          : "It needs exit heads, which a data set trains."}
      </EmptyState>
    );
  if (!hasSpace)
    return (
      <EmptyState
        title="Search for plans"
        action={<Button onClick={() => openPanel("profile")}>Profile on a target…</Button>}
      >
        A search weighs accuracy against latency. It needs the latencies of a target.
      </EmptyState>
    );
  return (
    <>
      <Setup />
      <SearchResults />
      <SearchHistory />
    </>
  );
}

function Setup() {
  const [kept, setForm] = useRemembered<Partial<SearchForm>>(rememberedForm, {});
  const form = useMemo(() => ({ ...defaultForm, ...kept }), [kept]);
  const disabled = useJobs(({ search }) => search !== undefined);
  const part = {
    form,
    disabled,
    onChange: (changed: Partial<SearchForm>) => setForm({ ...form, ...changed }),
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
  onChange(change: Partial<SearchForm>): void;
}

/** What is searched, and how. */
function Aims({ form, disabled, onChange }: PartProps) {
  const algorithm = chosenAlgorithm(form);
  return (
    <>
      <SelectField
        label="Algorithm"
        choices={searchAlgorithms.map(({ id, title }) => ({ value: id, label: title }))}
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
        choices={[
          { value: "front", label: "The whole front" },
          { value: "best", label: "The best plan for the use case" },
        ]}
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

function Policies({ form, disabled, onChange }: PartProps) {
  const project = useOpenProject();
  const offers = useEngine((state) => state.offers);
  const chosen = chosenPolicies(form, project.policies);
  const choose = async (policy: string) => {
    await providePolicy(policy);
    onChange({ policies: [...chosen, policy] });
  };
  return (
    <fieldset className={styles.policies}>
      <legend>Exit policies</legend>
      {offeredPolicies(project, offers).map((policy) => (
        <CheckField
          key={policy}
          label={offers?.policies.find(({ id }) => id === policy)?.title ?? policy}
          checked={chosen.includes(policy)}
          disabled={disabled || (chosen.length === 1 && chosen[0] === policy)}
          onCheck={(isChosen) =>
            isChosen
              ? void choose(policy).catch(notifyError)
              : onChange({ policies: chosen.filter((other) => other !== policy) })
          }
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
  const server = offload && profiles.find(({ id }) => id === offload.server);
  if (!server) return null;
  const { latencyMs, bandwidthMbps } = offload.link;
  const isGuaranteed = useCase.confidence !== undefined;
  return (
    <CheckField
      label="Search for the best partitions too"
      hint={
        isGuaranteed
          ? "A guarantee is tested for one target only: plans of the device alone are searched."
          : `Server: ${describeTarget(server.target)}; link ${formatMs(latencyMs)} one way, ${bandwidthMbps} Mbit/s. Off: plans of the device alone.`
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
