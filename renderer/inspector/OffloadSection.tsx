import { Scissors, Search } from "lucide-react";
import { formatMs, formatPercent, formatQuantity } from "../../shared/base/format-number.ts";
import type { DesignOffload } from "../../shared/model/design.ts";
import { linkSchema } from "../../shared/model/link.ts";
import { type CutSpace, spaceUnderCut } from "../../shared/offload/cut-space.ts";
import { flowOfRates } from "../../shared/sdf/plan-flow.ts";
import { targetLabel } from "../shell/TargetMenu.tsx";
import { useCutNames } from "../state/cut-names.ts";
import { useDesign } from "../state/design-store.ts";
import { notOfThese } from "../state/front-state.ts";
import { bestCut } from "../state/live/best-cut.ts";
import { placedExits, useLive } from "../state/live-store.ts";
import { useProject } from "../state/project-store.ts";
import { searchedTargets } from "../state/searched-targets.ts";
import { coversHeads } from "../state/stage-state.ts";
import { useView } from "../state/view-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import layoutStyles from "../ui/layout.module.css";
import textStyles from "../ui/text.module.css";
import { type Fact, Facts } from "./Facts.tsx";
import styles from "./OffloadSection.module.css";

/**
 * A server that may take over behind a cut: which, how far away, where, and what both then have to do. Profiles that
 * lack some of the heads are not offered.
 */
export function OffloadSection() {
  const project = useProject((state) => state.project!);
  const offload = useDesign((state) => state.offload);
  const { setOffload } = useDesign.getState();
  const servers = project.profiles.flatMap((profile, index) =>
    coversHeads(profile, project) || index === offload?.server
      ? [{ value: String(index), label: targetLabel(profile.target) }]
      : [],
  );
  const choose = (value: string) =>
    setOffload(value === "" ? undefined : { link: linkSchema.parse({}), ...offload, server: Number(value) });
  return (
    <div className={layoutStyles.column}>
      <SelectField
        label="Server"
        choices={[{ value: "", label: "none" }, ...servers]}
        value={offload ? String(offload.server) : ""}
        onChoose={choose}
      />
      {offload && <LinkFields offload={offload} />}
    </div>
  );
}

function LinkFields({ offload }: { readonly offload: DesignOffload }) {
  const cutName = useCutNames();
  const ways = useLive((state) => state.ways);
  const { setOffload } = useDesign.getState();
  const setLink = (change: Partial<DesignOffload["link"]>) =>
    setOffload({ ...offload, link: { ...offload.link, ...change } });
  const setCut = (cut: string | undefined) => setOffload({ ...offload, cut });
  const takeBest = () => {
    const { exits, useCase } = useDesign.getState();
    setCut(bestCut(ways, exits, useCase.latency));
  };
  const places = ways.flatMap(({ cut }) => cut ?? []);
  return (
    <>
      <div className={styles.pair}>
        <NumberField
          label="One way"
          unit="ms"
          min={0}
          value={offload.link.latencyMs}
          onCommit={(latencyMs) => setLink({ latencyMs })}
        />
        <NumberField
          label="Bandwidth"
          unit="Mbit/s"
          min={0.001}
          value={offload.link.bandwidthMbps}
          onCommit={(bandwidthMbps) => setLink({ bandwidthMbps })}
        />
      </div>
      <div className={styles.pair}>
        <SelectField
          label="The server takes over"
          choices={[
            { value: "", label: cutName(undefined) },
            ...places.map(({ tensor }) => ({ value: tensor, label: cutName(tensor) })),
          ]}
          value={offload.cut ?? ""}
          onChoose={(value) => setCut(value === "" ? undefined : value)}
        />
        <Button icon={<Scissors size={14} />} title="Where this plan is fastest" onClick={takeBest}>
          Best cut
        </Button>
      </div>
      <Loads ways={ways} cut={offload.cut} />
      <SearchHint offload={offload} />
    </>
  );
}

/** What the chart shows, where the front was not searched for this second target. */
function SearchHint({ offload }: { readonly offload: DesignOffload }) {
  const project = useProject((state) => state.project!);
  const target = useDesign((state) => state.target);
  if (!project.front) return null;
  const targets = searchedTargets(project.front, project, { target, offload });
  if (targets === "these" || targets === "other device") return null;
  return (
    <>
      <p className={textStyles.note}>{notOfThese[targets].meaning}</p>
      <Button icon={<Search size={14} />} onClick={() => useView.setState({ panel: "search" })}>
        Search for plans…
      </Button>
    </>
  );
}

function Loads({ ways, cut }: { readonly ways: readonly CutSpace[]; readonly cut: string | undefined }) {
  const exits = useDesign((state) => state.exits);
  const figures = useLive((state) => state.figures);
  if (ways.length < 2 || !figures) return null;
  const on = spaceUnderCut(ways, cut);
  const placed = placedExits(on.space, exits);
  if (!placed) return null;
  const { crossingRate, throughputs } = flowOfRates(on, placed, figures.exitRates);
  const [{ loads, samplesPerSecond, bottleneck }] = throughputs;
  const facts: Fact[] = [
    { label: "Go on to the server", value: formatPercent(crossingRate) },
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
