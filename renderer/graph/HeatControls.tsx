import { useDesign } from "../stores/design-store.ts";
import { useProject } from "../stores/project-store.ts";
import { useBlocks } from "./current-graph.ts";
import { useGraph } from "./graph-store.ts";
import styles from "./HeatControls.module.css";
import { heatMaximum, heatMeasures, heatStops } from "./heat.ts";
import { useHeatMeasure } from "./use-heat-scale.ts";

/** Chooses what blocks and operators are coloured by, and says what the colours mean. */
export function HeatControls() {
  const [measure, setMeasure] = useHeatMeasure();
  const target = useDesign((state) => state.target);
  const hasLatency = useProject(({ project }) => (project?.profiles[target]?.nodes.length ?? 0) > 0);
  return (
    <>
      <label className={styles.choice}>
        <span>Colour</span>
        <select value={measure.id} onChange={(event) => setMeasure(event.target.value)}>
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
        {heatStops.map((colour, step) => (
          <rect key={colour} x={9 * step} width={9.5} height={10} fill={colour} />
        ))}
      </svg>
      <span>{measure.format(maximum)}</span>
    </span>
  );
}

function useShownMaximum(): number | undefined {
  const [measure] = useHeatMeasure();
  const blocks = useBlocks();
  const layouts = useGraph((state) => state.layouts);
  return heatMaximum(
    measure,
    blocks.flatMap(({ index, cost, costs }) => (layouts.has(index) ? costs : [cost])),
  );
}
