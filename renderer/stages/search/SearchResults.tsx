import {
  formatCount,
  formatPercent,
  formatQuantity,
  formatSeconds,
} from "../../../shared/base/format-number.ts";
import { samePlainData } from "../../../shared/base/plain-data.ts";
import type { FrontFile } from "../../../shared/files/front-file.ts";
import { isSamePlan } from "../../../shared/model/plan.ts";
import { costText } from "../../../shared/presentation/plans/plans-beside.ts";
import { type ListedSearch, listedSearches } from "../../../shared/presentation/plans/searches.ts";
import { frontState } from "../../../shared/presentation/progress/front-state.ts";
import { frontEvidence, verdict } from "../../../shared/presentation/verdict/verdict.ts";
import { formatConfidence } from "../../../shared/presentation/words/describe-guarantee.ts";
import { describeChain } from "../../../shared/presentation/words/describe-plan.ts";
import { bestPlanText, describeUseCase } from "../../../shared/presentation/words/describe-use-case.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { useFrontRivals } from "../../state/front-rivals.ts";
import { useJobs } from "../../state/job-store.ts";
import { networksIn, useNetworkTitles } from "../../state/network-titles.ts";
import { usePartitionNames } from "../../state/partition-names.ts";
import { useOpenProject, useProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { takeFound, useObstacleToTaking } from "../../state/take-found.ts";
import { foundBySearch, takeRecommended } from "../../state/take-recommended.ts";
import { Button } from "../../ui/Button.tsx";
import { Glossed } from "../../ui/Glossed.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { InlineMark } from "../../ui/MarkShape.tsx";
import panelStyles from "../../ui/panel.module.css";
import { Statements } from "../../ui/Statements.tsx";
import textStyles from "../../ui/text.module.css";
import { HypervolumeChart } from "./HypervolumeChart.tsx";
import styles from "./SearchPanel.module.css";
import { TuningTable } from "./TuningTable.tsx";

/** How the last search's algorithms did, and the plan that it recommends. */
export function SearchResults() {
  const history = useSearchRun((state) => state.history);
  const front = useProject(({ project }) => project?.front ?? null);
  const isSearching = useJobs(({ search }) => search !== undefined);
  return (
    <>
      {history.size > 0 && (
        <section className={panelStyles.section}>
          <h3 title="Share of the box between the worst corner (backbone's latency, worst classifier) and the ideal">
            Hypervolume over time
          </h3>
          <HypervolumeChart history={history} />
          {front && !isSearching && <ResultsTable searches={listedSearches(front)} />}
        </section>
      )}
      {front && !isSearching && <TuningTable front={front} />}
      {front && !isSearching && <Recommended />}
    </>
  );
}

function ResultsTable({ searches }: { readonly searches: readonly ListedSearch[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways in a narrow panel, by keyboard too
    <section className={styles.results} tabIndex={0} aria-label="Results by algorithm">
      <table className={panelStyles.table}>
        <thead>
          <tr>
            <th scope="col">Algorithm</th>
            <th scope="col" className={panelStyles.number}>
              <Glossed>Hypervolume</Glossed>
            </th>
            <th scope="col" className={panelStyles.number}>
              Plans
            </th>
            <th scope="col" className={panelStyles.number}>
              Time
            </th>
            <th scope="col" className={panelStyles.number}>
              Front
            </th>
          </tr>
        </thead>
        <tbody>
          {searches.map((listed) => (
            <ResultRow key={listed.series.id} {...listed} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ResultRow({ search, series: { title, mark } }: ListedSearch) {
  const state = frontState(search);
  return (
    <tr>
      <td>
        <span className={styles.algorithm} title={title}>
          <InlineMark mark={mark} area={36} />
          <span>
            {title.replace(/ \(.*\)$/, "")}
            <b title={state.meaning}> {state.label}</b>
          </span>
        </span>
      </td>
      <td className={panelStyles.number}>{formatPercent(search.hypervolume, 2)}</td>
      <td className={panelStyles.number}>{formatQuantity(search.evaluations)}</td>
      <td className={panelStyles.number}>{formatSeconds(search.seconds)}</td>
      <td className={panelStyles.number}>{formatCount(search.front.length)}</td>
    </tr>
  );
}

/** What the last search recommends for the use case that it was run for. */
function Recommended() {
  const project = useOpenProject();
  const { front, backbone, trust, profiles } = project;
  const titles = useNetworkTitles();
  const beside = useFrontRivals();
  if (!front) return null;
  const profile = profiles.find(({ id }) => id === front.profile);
  const { recommended, useCase, guarantee, safe } = front;
  const networks = networksIn(project);
  const through = describeChain(recommended, titles);
  return (
    <section className={panelStyles.section}>
      <h3>{recommended.feasible ? "Recommended plan" : "Nearest plan"}</h3>
      <p>
        {formatPercent(recommended.figures.accuracy, 2)},{" "}
        {recommended.figures.latencyMs[useCase.latency].toFixed(3)} ms {useCase.latency},{" "}
        {recommended.exits.length === 1 ? "1 exit" : `${recommended.exits.length} exits`}
        {through && `; goes through ${through}`}
        <span className={textStyles.soft}> · for {describeUseCase(useCase)}</span>
      </p>
      <RecommendedPartition front={front} />
      <Statements
        statements={verdict(frontEvidence({ front, backbone, trust, profile, networks, ...beside }))}
      />
      <div className={layoutStyles.wrap}>
        <TakeFound front={front} />
        {safe?.plan && !isSamePlan(safe.plan, recommended) && (
          <Button
            title={`The ${bestPlanText(useCase)} that keeps the wish on new images with ${formatConfidence(safe.confidence)} probability`}
            onClick={() => takeFound(safe.plan!)}
          >
            {`Take the safe plan: ${costText(safe.plan.figures, useCase)}`}
          </Button>
        )}
        {guarantee?.holds && (
          <Button
            title="What the whole calibration split would have chosen: faster, and its drop is not guaranteed"
            onClick={() => takeFound(guarantee.plain)}
          >
            {`Without guarantee: ${guarantee.plain.figures.latencyMs[useCase.latency].toFixed(3)} ms`}
          </Button>
        )}
      </div>
    </section>
  );
}

function TakeFound({ front }: { readonly front: FrontFile }) {
  const { recommended } = front;
  const isLive = useDesign((design) => isSamePlan(recommended, livePlanOf(design)));
  const isWanted = useDesign(({ useCase }) => samePlainData(front.useCase, useCase));
  const obstacle = useObstacleToTaking(recommended);
  return (
    <>
      {!isWanted && (
        <p className={textStyles.soft}>
          The use case has changed since; what the chart calls best or nearest is for the new one.
        </p>
      )}
      <Button
        disabled={isLive || obstacle !== undefined}
        title={obstacle}
        onClick={() => takeRecommended(foundBySearch(front))}
      >
        {isLive
          ? "It is the live plan"
          : isWanted
            ? "Take the recommended plan"
            : "Take what was searched for"}
      </Button>
    </>
  );
}

/** Where a server takes over in the recommended plan, and what both sustain; nothing after a search of one target. */
function RecommendedPartition({ front: { recommended, offload } }: { readonly front: FrontFile }) {
  const partitionName = usePartitionNames();
  const { cut, throughput } = recommended;
  if (!offload || !throughput) return null;
  if (cut === undefined)
    return (
      <p
        className={textStyles.soft}
      >{`Not partitioned: the device does better without ${offload.server.device}.`}</p>
    );
  const { crossingRate, samplesPerSecond, bottleneck } = throughput;
  return (
    <p>
      {`${offload.server.device} takes over ${partitionName(recommended)}`}
      <span className={textStyles.soft}>
        {`: ${formatPercent(crossingRate)} of the samples cross to it; up to ${formatQuantity(samplesPerSecond)} samples/s, limited by the ${bottleneck}`}
      </span>
    </p>
  );
}
