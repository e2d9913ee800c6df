import { Scissors, Search } from "lucide-react";
import { formatMs, formatPercent, formatQuantity } from "../../../shared/base/format-number.ts";
import { placedExits } from "../../../shared/evaluate/live/place-exits.ts";
import { searchedTargets } from "../../../shared/files/searched-targets.ts";
import type { DesignOffload } from "../../../shared/model/design.ts";
import { linkSchema } from "../../../shared/model/link.ts";
import { isSameChain } from "../../../shared/model/plan.ts";
import { fieldsOf } from "../../../shared/model/schema-fields.ts";
import { bestPartition } from "../../../shared/offload/best-partition.ts";
import { notOfThese } from "../../../shared/presentation/progress/front-state.ts";
import { flowOfRates } from "../../../shared/sdf/plan-flow.ts";
import { type DesignSpace, findSpace } from "../../../shared/space/design-space.ts";
import { setOffload, useDesign } from "../../state/design-store.ts";
import { useLive } from "../../state/live-store.ts";
import { usePartitionNames } from "../../state/partition-names.ts";
import { useOpenProject } from "../../state/project-store.ts";
import { useTargetTitles } from "../../state/target-titles.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button } from "../../ui/Button.tsx";
import { NumberField, SelectField } from "../../ui/Field.tsx";
import layoutStyles from "../../ui/layout.module.css";
import textStyles from "../../ui/text.module.css";
import { type Fact, Facts } from "../pieces/Facts.tsx";
import styles from "./OffloadSection.module.css";
import {
  choosePartition,
  chooseServer,
  partitionPlaces,
  partitionValue,
  serverChoices,
} from "./offload-choices.ts";

const linkFields = fieldsOf(linkSchema);

/** A server that may take over behind a partition: which, how far away, where, and what both then have to do. */
export function OffloadSection() {
  const project = useOpenProject();
  const offload = useDesign((state) => state.offload);
  const titles = useTargetTitles();
  return (
    <div className={layoutStyles.column}>
      <SelectField
        label="Server"
        choices={serverChoices(project, offload?.server, titles)}
        value={offload?.server ?? ""}
        onChoose={chooseServer}
      />
      {offload && <LinkFields offload={offload} />}
    </div>
  );
}

function LinkFields({ offload }: { readonly offload: DesignOffload }) {
  const partitionName = usePartitionNames();
  const chain = useDesign((state) => state.chain);
  const spaces = useLive((state) => state.partitionSpaces).filter((on) => isSameChain(on, { chain }));
  const setLink = (change: Partial<DesignOffload["link"]>) =>
    setOffload({ ...offload, link: { ...offload.link, ...change } });
  const takeBest = () => {
    const { exits, useCase } = useDesign.getState();
    choosePartition(bestPartition(spaces, exits, useCase));
  };
  const places = partitionPlaces(spaces, chain);
  return (
    <>
      <div className={styles.pair}>
        <NumberField
          label="One way"
          unit="ms"
          min={linkFields.latencyMs.min}
          value={offload.link.latencyMs}
          onCommit={(latencyMs) => setLink({ latencyMs })}
        />
        <NumberField
          label="Bandwidth"
          unit="Mbit/s"
          min={linkFields.bandwidthMbps.min}
          value={offload.link.bandwidthMbps}
          onCommit={(bandwidthMbps) => setLink({ bandwidthMbps })}
        />
      </div>
      <div className={styles.pair}>
        <SelectField
          label="The server takes over"
          choices={places.map((place) => ({ value: partitionValue(place), label: partitionName(place) }))}
          value={partitionValue(offload)}
          onChoose={(value) => choosePartition(places.find((place) => partitionValue(place) === value) ?? {})}
        />
        <Button icon={<Scissors size={14} />} title="Where this plan is fastest" onClick={takeBest}>
          Best partition
        </Button>
      </div>
      <Loads on={findSpace(spaces, { ...offload, chain })} />
      <SearchHint offload={offload} />
    </>
  );
}

/** What the chart shows, where the front was not searched for this second target. */
function SearchHint({ offload }: { readonly offload: DesignOffload }) {
  const project = useOpenProject();
  const target = useDesign((state) => state.target);
  if (!project.front) return null;
  const targets = searchedTargets(project.front, project, { target, offload });
  if (targets === "these" || targets === "other device") return null;
  return (
    <>
      <p className={textStyles.note}>{notOfThese[targets].meaning}</p>
      <Button icon={<Search size={14} />} onClick={() => openPanel("search")}>
        Search for plans…
      </Button>
    </>
  );
}

/** Nothing where the live plan's space isn't known, or with one target alone. */
function Loads({ on }: { readonly on: DesignSpace | undefined }) {
  const exits = useDesign((state) => state.exits);
  const figures = useLive((state) => state.figures);
  const isPartitionable = useLive(({ partitionSpaces }) =>
    partitionSpaces.some(({ partition }) => partition),
  );
  if (!on || !isPartitionable || !figures) return null;
  const placed = placedExits(on.space, exits);
  if (!placed) return null;
  const { crossingRate, throughputs } = flowOfRates(on, placed, figures.exitRates);
  const [{ loads, samplesPerSecond, bottleneck }] = throughputs;
  const facts: Fact[] = [
    { label: "Cross to the server", value: formatPercent(crossingRate) },
    ...loads.map(({ worker, msPerSample }) => ({
      label: `Busy per sample: ${worker}`,
      value: formatMs(msPerSample),
    })),
    {
      label: "Throughput",
      value: `up to ${formatQuantity(samplesPerSecond)} samples/s`,
      note: `limited by the ${bottleneck}, each working on another sample`,
    },
  ];
  return <Facts facts={facts} />;
}
