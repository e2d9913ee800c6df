import { useMemo } from "react";
import { z } from "zod";
import { formatCount, formatPercent, formatQuantity, formatSeconds } from "../../shared/format-number.ts";
import type { SearchRecord } from "../../shared/search/front-file.ts";
import { searchAlgorithms } from "../../shared/search/index.ts";
import { describeUseCase } from "../app/UseCaseMenu.tsx";
import { isSamePlan } from "../pareto/charted-plans.ts";
import { describeMiss } from "../pareto/constraints.ts";
import { InlineMark } from "../pareto/MarkShape.tsx";
import { algorithmSeries } from "../pareto/series.ts";
import { JobProgress } from "../pipeline/JobProgress.tsx";
import { OptionFields } from "../pipeline/OptionFields.tsx";
import panel from "../pipeline/StagePanel.module.css";
import { useDesign } from "../stores/design-store.ts";
import { useEngine } from "../stores/engine-store.ts";
import { useJobs } from "../stores/job-store.ts";
import { useLive } from "../stores/live-store.ts";
import { notifyError } from "../stores/notice-store.ts";
import { useProject } from "../stores/project-store.ts";
import { useRemembered } from "../stores/settings-store.ts";
import { useView } from "../stores/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { EmptyState } from "../ui/EmptyState.tsx";
import { CheckField, NumberField, SelectField } from "../ui/Field.tsx";
import { HypervolumeChart } from "./HypervolumeChart.tsx";
import { estimatedPlans, isEnormous } from "./plan-count.ts";
import styles from "./SearchPanel.module.css";
import { chosenAlgorithm, chosenPolicies, defaultForm, type SearchForm } from "./search-form.ts";
import { useSearchRun } from "./search-run-store.ts";
import { rememberedForm, startSearch } from "./start-search.ts";

/** Where a search is set up, runs, and shows how its algorithms did. */
export function SearchPanel() {
  const heads = useProject(({ project }) => project?.heads.length ?? 0);
  const hasSpace = useLive(({ space }) => space !== null);
  if (heads === 0)
    return (
      <EmptyState
        title="Search for plans"
        action={<Button onClick={() => useView.setState({ panel: "data" })}>Choose a data set…</Button>}
      >
        A search chooses where the exits sit and when they fire. It needs exit heads, which a data set trains.
      </EmptyState>
    );
  if (!hasSpace)
    return (
      <EmptyState
        title="Search for plans"
        action={<Button onClick={() => useView.setState({ panel: "profile" })}>Profile on a target…</Button>}
      >
        A search weighs accuracy against latency. It needs the latencies of a target.
      </EmptyState>
    );
  return (
    <>
      <Setup />
      <Results />
    </>
  );
}

function Setup() {
  const [kept, setForm] = useRemembered<Partial<SearchForm>>(rememberedForm, {});
  const form = useMemo(() => ({ ...defaultForm, ...kept }), [kept]);
  const isSearching = useJobs(({ search }) => search !== undefined);
  const change = (changed: Partial<SearchForm>) => setForm({ ...form, ...changed });
  const algorithm = chosenAlgorithm(form);
  const schema = useMemo(
    () => z.toJSONSchema(algorithm.options, { io: "input" }) as Record<string, unknown>,
    [algorithm],
  );
  const setOption = (key: string, value: unknown) =>
    change({
      algorithmOptions: {
        ...form.algorithmOptions,
        [algorithm.id]: { ...form.algorithmOptions[algorithm.id], [key]: value },
      },
    });
  return (
    <section className={panel.section}>
      <UseCaseLine />
      <SelectField
        label="Algorithm"
        choices={searchAlgorithms.map(({ id, title }) => ({ value: id, label: title }))}
        value={algorithm.id}
        hint={
          algorithm.exhaustive
            ? "Goes through every plan that could be on the front, and proves it."
            : "Looks at as many plans as its budget allows."
        }
        disabled={isSearching}
        onChoose={(id) => change({ algorithm: id })}
      />
      <div className={panel.pair}>
        <NumberField
          label="Most exits"
          min={1}
          max={16}
          value={form.maxExits}
          disabled={isSearching}
          onCommit={(value) => change({ maxExits: Math.round(value!) })}
        />
        <NumberField
          label="Threshold levels"
          min={1}
          max={1024}
          value={form.levels}
          disabled={isSearching}
          onCommit={(value) => change({ levels: Math.round(value!) })}
        />
        {(!algorithm.exhaustive || form.compare) && (
          <NumberField
            label={algorithm.exhaustive ? "Alternatives' budget" : "Budget"}
            unit="plans"
            min={1}
            value={form.budget}
            disabled={isSearching}
            onCommit={(value) => change({ budget: Math.round(value!) })}
          />
        )}
        <NumberField
          label="Seed"
          min={0}
          value={form.seed}
          disabled={isSearching}
          onCommit={(value) => change({ seed: Math.round(value!) })}
        />
      </div>
      <OptionFields schema={schema} values={form.algorithmOptions[algorithm.id] ?? {}} onChange={setOption} />
      <Policies form={form} disabled={isSearching} onChange={change} />
      <CheckField
        label="Compare with the other algorithms"
        checked={form.compare}
        disabled={isSearching}
        onCheck={(compare) => change({ compare })}
      />
      <Estimate form={form} />
      {isSearching ? (
        <Running />
      ) : (
        <Button look="primary" className={panel.wide} onClick={() => void startSearch().catch(notifyError)}>
          Run the search
        </Button>
      )}
    </section>
  );
}

function UseCaseLine() {
  const useCase = useDesign((state) => state.useCase);
  return (
    <p>
      <span className={panel.soft}>Use case </span>
      <strong>{describeUseCase(useCase)}</strong>
      <span className={panel.soft}> · front of {useCase.latency} latency</span>
    </p>
  );
}

interface PoliciesProps {
  readonly form: SearchForm;
  readonly disabled: boolean;
  onChange(change: Partial<SearchForm>): void;
}

function Policies({ form, disabled, onChange }: PoliciesProps) {
  const tables = useProject(({ project }) => project!.policies);
  const offers = useEngine((state) => state.offers);
  const chosen = chosenPolicies(form, tables);
  const switchTo = (policies: readonly string[]) =>
    onChange({ policies: tables.filter((policy) => policies.includes(policy)) });
  return (
    <fieldset className={styles.policies}>
      <legend>Exit policies</legend>
      {tables.map((policy) => (
        <CheckField
          key={policy}
          label={offers?.policies.find(({ id }) => id === policy)?.title ?? policy}
          checked={chosen.includes(policy)}
          disabled={disabled || (chosen.length === 1 && chosen[0] === policy)}
          onCheck={(isChosen) =>
            switchTo(isChosen ? [...chosen, policy] : chosen.filter((other) => other !== policy))
          }
        />
      ))}
    </fieldset>
  );
}

function Estimate({ form }: { readonly form: SearchForm }) {
  const space = useLive((state) => state.space)!;
  const tables = useProject(({ project }) => project!.policies);
  const plans = estimatedPlans(space, chosenPolicies(form, tables), form.maxExits, form.levels);
  if (chosenAlgorithm(form).exhaustive && isEnormous(plans))
    return (
      <p className={panel.warning}>
        {`About ${formatQuantity(plans)} plans: an exact search may take very long. Fewer exits, levels or policies, or another algorithm, are quicker.`}
      </p>
    );
  return <p className={panel.small}>{`About ${formatQuantity(plans)} plans to choose from.`}</p>;
}

function Running() {
  const progress = useJobs(({ search }) => search?.search);
  const rate = progress && progress.seconds > 0 ? progress.evaluations / progress.seconds : null;
  return (
    <>
      <JobProgress kind="search" title="Searching" />
      {progress && (
        <p className={panel.small}>
          {algorithmSeries(progress.algorithm, true).title}: {formatQuantity(progress.evaluations)} plans in{" "}
          {formatSeconds(progress.seconds)}
          {rate !== null && `, ${formatQuantity(rate)}/s`}
          {`, ${formatCount(progress.front.length)} on the front`}
        </p>
      )}
    </>
  );
}

function Results() {
  const history = useSearchRun((state) => state.history);
  const front = useProject(({ project }) => project?.front ?? null);
  const isSearching = useJobs(({ search }) => search !== undefined);
  return (
    <>
      {history.size > 0 && (
        <section className={panel.section}>
          <h3 title="Share of the box between the worst corner (backbone's latency, worst classifier) and the ideal">
            Hypervolume over time
          </h3>
          <HypervolumeChart history={history} />
          {front && !isSearching && <ResultsTable searches={front.searches} />}
        </section>
      )}
      {front && !isSearching && <Recommended />}
    </>
  );
}

function ResultsTable({ searches }: { readonly searches: readonly SearchRecord[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways in a narrow panel, by keyboard too
    <section className={styles.results} tabIndex={0} aria-label="Results by algorithm">
      <table className={panel.table}>
        <thead>
          <tr>
            <th scope="col">Algorithm</th>
            <th scope="col" className={panel.number}>
              Hypervolume
            </th>
            <th scope="col" className={panel.number}>
              Plans
            </th>
            <th scope="col" className={panel.number}>
              Time
            </th>
            <th scope="col" className={panel.number}>
              Front
            </th>
          </tr>
        </thead>
        <tbody>
          {searches.map((search, index) => (
            <ResultRow key={search.algorithm} search={search} isOurs={index === 0} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ResultRow({ search, isOurs }: { readonly search: SearchRecord; readonly isOurs: boolean }) {
  const { title, mark } = algorithmSeries(search.algorithm, isOurs);
  return (
    <tr>
      <td>
        <span className={styles.algorithm} title={title}>
          <InlineMark mark={mark} area={36} />
          <span>
            {title.replace(/ \(.*\)$/, "")}
            {search.proven && <b> proven</b>}
          </span>
        </span>
      </td>
      <td className={panel.number}>{formatPercent(search.hypervolume, 2)}</td>
      <td className={panel.number}>{formatQuantity(search.evaluations)}</td>
      <td className={panel.number}>{formatSeconds(search.seconds)}</td>
      <td className={panel.number}>{formatCount(search.front.length)}</td>
    </tr>
  );
}

/** What the last search recommends for the use case that it was run for. */
function Recommended() {
  const front = useProject(({ project }) => project!.front!);
  const exits = useDesign((state) => state.exits);
  const { recommended, useCase } = front;
  const isLive = isSamePlan(exits, recommended.exits);
  return (
    <section className={panel.section}>
      <h3>Recommended plan</h3>
      <p>
        {formatPercent(recommended.figures.accuracy, 2)},{" "}
        {recommended.figures.latencyMs[useCase.latency].toFixed(3)} ms {useCase.latency},{" "}
        {recommended.exits.length === 1 ? "1 exit" : `${recommended.exits.length} exits`}
        <span className={panel.soft}> · for {describeUseCase(useCase)}</span>
      </p>
      {!recommended.feasible && (
        <p className={panel.warning}>
          {`No plan meets this use case; this is the nearest: ${recommended.misses.map((miss) => describeMiss(miss, useCase.latency)).join(", ")}.`}
        </p>
      )}
      <div className={panel.row}>
        <Button disabled={isLive} onClick={() => useDesign.getState().takePlan(recommended.exits)}>
          {isLive ? "It is the live plan" : "Take the recommended plan"}
        </Button>
      </div>
    </section>
  );
}
