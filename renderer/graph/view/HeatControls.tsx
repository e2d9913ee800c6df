import { useNetworks } from "../../state/current-graph.ts";
import { useTargetProfile } from "../../state/target-profile.ts";
import { blockId } from "../geometry/element-ids.ts";
import { heatColour, heatMaximum, heatMeasures } from "../geometry/heat.ts";
import { useGraph } from "./graph-store.ts";
import styles from "./HeatControls.module.css";
import { useHeatMeasure } from "./use-heat-scale.ts";

/** Chooses what blocks and operators are coloured by, and says what the colours mean. */
export function HeatControls() {
  const [measure, setMeasure] = useHeatMeasure();
  const hasLatency = (useTargetProfile()?.nodes.length ?? 0) > 0;
  return (
    <>
      <label className={styles.choice}>
        <span>Colour</span>
        <select
          className={styles.measure}
          value={measure.id}
          onChange={(event) => setMeasure(event.target.value)}
        >
          {heatMeasures.map(({ id, title }) => (
            <option key={id} value={id} disabled={id === "latency" && !hasLatency}>
              {id === "latency" && !hasLatency ? `${title} (profile first)` : title}
            </option>
          ))}
        </select>
      </label>
      {measure.id !== "none" && <Legend />}
    </>
  );
}

const legendSteps = Array.from({ length: 45 }, (_, step) => step);

function Legend() {
  const [measure] = useHeatMeasure();
  const maximum = useShownMaximum();
  if (maximum === undefined)
    return <span className={styles.none}>{measure.id === "latency" ? "not measured yet" : "all 0"}</span>;
  return (
    <span
      className={styles.legend}
      role="img"
      aria-label={`Colours from ${measure.format(0)}, dark, to ${measure.format(maximum)}, light`}
    >
      <span>{measure.format(0)}</span>
      <svg width={90} height={10} aria-hidden="true">
        {legendSteps.map((step) => (
          <rect
            key={step}
            x={2 * step}
            width={2.5}
            height={10}
            fill={heatColour(step / (legendSteps.length - 1)).background}
          />
        ))}
      </svg>
      <span>{measure.format(maximum)}</span>
    </span>
  );
}

function useShownMaximum(): number | undefined {
  const [measure] = useHeatMeasure();
  const networks = useNetworks();
  const layouts = useGraph((state) => state.layouts);
  return heatMaximum(
    measure,
    networks
      .flatMap(({ blocks }) => blocks)
      .flatMap((block) => (layouts.has(blockId(block)) ? block.costs : [block.cost])),
  );
}
