import { Scissors } from "lucide-react";
import type { DesignOffload } from "../../shared/domain/design.ts";
import { linkSchema } from "../../shared/domain/link.ts";
import { formatMs, formatPercent, formatQuantity } from "../../shared/format-number.ts";
import { type CutSpace, spaceUnderCut } from "../../shared/offload/cut-space.ts";
import { flowOfRates } from "../../shared/sdf/plan-flow.ts";
import { targetLabel } from "../app/TargetMenu.tsx";
import { useCutPointNames } from "../graph/cut-point-names.ts";
import { bestCut } from "../live/best-cut.ts";
import { useDesign } from "../stores/design-store.ts";
import { placedExits, useLive } from "../stores/live-store.ts";
import { useProject } from "../stores/project-store.ts";
import { Button } from "../ui/Button.tsx";
import { NumberField, SelectField } from "../ui/Field.tsx";
import { type Fact, Facts } from "./Facts.tsx";
import styles from "./OffloadSection.module.css";

/** A server that may take over behind a cut: which, how far away, where, and what both then have to do. */
export function OffloadSection() {
  const profiles = useProject(({ project }) => project!.profiles);
  const offload = useDesign((state) => state.offload);
  const { setOffload } = useDesign.getState();
  const servers = profiles.map(({ target }, index) => ({ value: String(index), label: targetLabel(target) }));
  const choose = (value: string) =>
    setOffload(value === "" ? undefined : { link: linkSchema.parse({}), ...offload, server: Number(value) });
  return (
    <div className={styles.fields}>
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
  const nameOf = useCutPointNames();
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
            { value: "", label: "nowhere" },
            ...places.map(({ tensor, position }) => ({
              value: tensor,
              label: position < 0 ? "at the input" : `after ${nameOf(tensor)}`,
            })),
          ]}
          value={offload.cut ?? ""}
          onChoose={(value) => setCut(value === "" ? undefined : value)}
        />
        <Button icon={<Scissors size={14} />} title="Where this plan is fastest" onClick={takeBest}>
          Best cut
        </Button>
      </div>
      <Loads ways={ways} cut={offload.cut} />
      {offload.cut !== undefined && (
        <p className={styles.note}>
          The chart shows every plan under this cut; the search looked for plans of the device alone.
        </p>
      )}
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
