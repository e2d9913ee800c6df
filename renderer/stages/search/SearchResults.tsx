import {
  formatCount,
  formatPercent,
  formatQuantity,
  formatSeconds,
} from "../../../shared/base/format-number.ts";
import type { FrontFile, SearchRecord } from "../../../shared/files/front-file.ts";
import { describeGuarantee, untestedGuarantee } from "../../../shared/presentation/describe-guarantee.ts";
import { describeMiss } from "../../chart/geometry/constraints.ts";
import { algorithmSeries } from "../../chart/geometry/series.ts";
import { describeUseCase } from "../../shell/UseCaseMenu.tsx";
import { isSamePlan } from "../../state/charted-plans.ts";
import { useCutNames } from "../../state/cut-names.ts";
import { livePlanOf, useDesign } from "../../state/design-store.ts";
import { frontState } from "../../state/front-state.ts";
import { useJobs } from "../../state/job-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useSearchRun } from "../../state/search-run-store.ts";
import { takeFound, useObstacleToTaking } from "../../state/take-found.ts";
import { Button } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { InlineMark } from "../../ui/MarkShape.tsx";
import surfaceStyles from "../../ui/surface.module.css";
import textStyles from "../../ui/text.module.css";
import panel from "../StagePanel.module.css";
import { HypervolumeChart } from "./HypervolumeChart.tsx";
import styles from "./SearchPanel.module.css";

/** How the last search's algorithms did, and the plan that it recommends. */
export function SearchResults() {
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
  const { recommended, useCase, guarantee } = front;
  const isLive = useDesign((design) => isSamePlan(recommended, livePlanOf(design)));
  const obstacle = useObstacleToTaking(recommended);
  return (
    <section className={panel.section}>
      <h3>Recommended plan</h3>
      <p>
        {formatPercent(recommended.figures.accuracy, 2)},{" "}
        {recommended.figures.latencyMs[useCase.latency].toFixed(3)} ms {useCase.latency},{" "}
        {recommended.exits.length === 1 ? "1 exit" : `${recommended.exits.length} exits`}
        <span className={textStyles.soft}> · for {describeUseCase(useCase)}</span>
      </p>
      <RecommendedCut front={front} />
      {!recommended.feasible && (
        <p className={surfaceStyles.warning}>
          {`No plan meets this use case; this is the nearest: ${recommended.misses.map((miss) => describeMiss(miss, useCase.latency)).join(", ")}.`}
        </p>
      )}
      {useCase.confidence !== undefined && (
        <p className={guarantee?.holds ? undefined : surfaceStyles.warning}>
          {`Guarantee: ${guarantee ? describeGuarantee(guarantee, recommended.exits.length) : untestedGuarantee}.`}
        </p>
      )}
      <div className={layoutStyles.wrap}>
        <Button
          disabled={isLive || obstacle !== undefined}
          title={obstacle}
          onClick={() => takeFound(recommended)}
        >
          {isLive ? "It is the live plan" : "Take the recommended plan"}
        </Button>
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

/** Where a server takes over in the recommended plan, and what both sustain; nothing after a search of one target. */
function RecommendedCut({ front: { recommended, offload } }: { readonly front: FrontFile }) {
  const cutName = useCutNames();
  const { cut, throughput } = recommended;
  if (!offload || !throughput) return null;
  if (cut === undefined)
    return (
      <p className={textStyles.soft}>{`Not cut: the device does better without ${offload.server.device}.`}</p>
    );
  const { crossingRate, samplesPerSecond, bottleneck } = throughput;
  return (
    <p>
      {`${offload.server.device} takes over ${cutName(cut)}`}
      <span className={textStyles.soft}>
        {`: ${formatPercent(crossingRate)} of the samples go on to it; up to ${formatQuantity(samplesPerSecond)} samples/s, limited by the ${bottleneck}`}
      </span>
    </p>
  );
}
