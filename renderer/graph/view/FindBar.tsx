import { ChevronDown, ChevronUp, X } from "lucide-react";
import type { KeyboardEvent } from "react";
import { currentOrder } from "../../state/current-graph.ts";
import { IconButton } from "../../ui/Button.tsx";
import { findOperators } from "../geometry/find-operators.ts";
import { currentCanvas } from "./canvas.ts";
import styles from "./FindBar.module.css";
import { showOperator } from "./graph-actions.ts";
import { showFind, useGraph } from "./graph-store.ts";
import { useMatches } from "./use-findings.ts";

/** Finds operators by name, type or tensor, and steps through them. */
export function FindBar() {
  const find = useGraph((state) => state.find);
  const matches = useMatches();
  if (!find) return null;
  const wanted = find.query.trim() !== "";
  return (
    <search className={styles.bar}>
      <input
        data-graph-find
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
        autoFocus
        type="text"
        placeholder="Name, operator or tensor"
        aria-label="Find in the graph"
        value={find.query}
        onChange={({ target: { value } }) => showFind({ query: value, current: -1 })}
        onKeyDown={onFindKey}
      />
      <span className={styles.count} role="status">
        {!wanted
          ? ""
          : matches.length === 0
            ? "none"
            : find.current < 0
              ? `${matches.length} found`
              : `${find.current + 1} of ${matches.length}`}
      </span>
      <IconButton
        label="Previous (Shift+Enter)"
        disabled={matches.length === 0}
        onClick={() => stepThroughFound(-1)}
      >
        <ChevronUp size={14} />
      </IconButton>
      <IconButton label="Next (Enter)" disabled={matches.length === 0} onClick={() => stepThroughFound(1)}>
        <ChevronDown size={14} />
      </IconButton>
      <IconButton label="Close (Escape)" onClick={closeFind}>
        <X size={14} />
      </IconButton>
    </search>
  );
}

function onFindKey(event: KeyboardEvent): void {
  if (event.key === "Enter") stepThroughFound(event.shiftKey ? -1 : 1);
  else if (event.key === "F3") stepThroughFound(event.shiftKey ? -1 : 1);
  else if (event.key === "Escape") closeFind();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Opens the bar, or goes back to the one that is open. */
export function openFind(): void {
  showFind(useGraph.getState().find ?? { query: "", current: 0 });
  document.querySelector<HTMLInputElement>("[data-graph-find]")?.select();
}

function closeFind(): void {
  showFind(null);
  currentCanvas()?.pane.focus();
}

/** Shows the next match, or the previous one; after the last comes the first. */
export function stepThroughFound(step: 1 | -1): void {
  const { find } = useGraph.getState();
  if (!find) return;
  const matches = findOperators(
    currentOrder().flatMap(({ blocks }) => blocks),
    find.query,
  );
  if (matches.length === 0) return;
  const start = find.current < 0 && step < 0 ? 0 : find.current;
  const current = (start + step + matches.length) % matches.length;
  showFind({ ...find, current });
  const { block, node } = matches[current];
  void showOperator(block, node.name);
}
