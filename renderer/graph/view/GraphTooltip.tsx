import { create } from "zustand";
import { currentNetworks } from "../../state/current-graph.ts";
import { useProject } from "../../state/project-store.ts";
import { Beside } from "../../ui/Beside.tsx";
import { cutIdAt, exitIdAt } from "../geometry/exit-places.ts";
import { factsOf } from "./facts.ts";
import styles from "./GraphTooltip.module.css";
import { type Item, itemOf } from "./graph-actions.ts";
import { useGraph } from "./graph-store.ts";
import { domId } from "./marks.ts";

interface Shown {
  readonly id: string;
  readonly anchor: DOMRect;
}

const useShown = create<{ readonly shown: Shown | null }>()(() => ({ shown: null }));
const delayMs = 350;
let timer: ReturnType<typeof setTimeout> | undefined;

/** One tooltip serves all elements: a thousand of their own would be slow. */
export function showTooltip(id: string, element: Element): void {
  clearTimeout(timer);
  timer = setTimeout(
    () => useShown.setState({ shown: { id, anchor: element.getBoundingClientRect() } }),
    delayMs,
  );
}

export function hideTooltip(): void {
  clearTimeout(timer);
  if (useShown.getState().shown) useShown.setState({ shown: null });
}

/** Shapes, attributes and costs of what is under the pointer. */
export function GraphTooltip() {
  const shown = useShown((state) => state.shown);
  const dragging = useGraph(({ drag }) => drag !== null);
  const project = useProject((state) => state.project);
  const item = shown && itemOf(shown.id);
  if (!item || dragging || !project) return null;
  const { title, facts } = factsOf(item, project);
  return (
    <Beside
      key={shown.id}
      role="tooltip"
      className={styles.tip}
      anchor={shown.anchor}
      from="window"
      prefer={item.kind === "exit" ? below : undefined}
      avoid={() => belongingTo(item)}
    >
      <strong>{title}</strong>
      {facts.length > 0 && (
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Beside>
  );
}

const below = ["below"] as const;

/** An exit and its cut point are seen together. */
function belongingTo(item: Item): readonly DOMRect[] {
  if (item.kind !== "cut" && item.kind !== "exit") return [];
  const ids = [cutIdAt(currentNetworks(), item.place), exitIdAt(currentNetworks(), item.place)];
  return ids.flatMap((id) => (id && document.getElementById(domId(id))?.getBoundingClientRect()) || []);
}
