import { useLayoutEffect, useRef, useState } from "react";
import { create } from "zustand";
import { useProject } from "../../state/project-store.ts";
import { type Fact, factsOf } from "./facts.ts";
import styles from "./GraphTooltip.module.css";
import { itemOf } from "./graph-actions.ts";
import { useGraph } from "./graph-store.ts";

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
  // Exits hang below their blocks: what belongs together stays uncovered.
  const upwards = item.kind !== "exit";
  return <Tip key={shown.id} anchor={shown.anchor} upwards={upwards} title={title} facts={facts} />;
}

function Tip({
  anchor,
  upwards,
  title,
  facts,
}: {
  readonly anchor: DOMRect;
  readonly upwards: boolean;
  readonly title: string;
  readonly facts: readonly Fact[];
}) {
  const tip = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const { offsetWidth, offsetHeight } = tip.current!;
    const middle = anchor.left + anchor.width / 2 - offsetWidth / 2;
    const below = anchor.bottom + 8;
    const above = anchor.top - 8 - offsetHeight;
    setPlace({
      left: Math.min(window.innerWidth - offsetWidth - 8, Math.max(8, middle)),
      top: above > 8 && (upwards || below + offsetHeight > window.innerHeight) ? above : below,
    });
  }, [anchor, upwards]);
  return (
    <div ref={tip} role="tooltip" className={styles.tip} style={place}>
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
    </div>
  );
}
