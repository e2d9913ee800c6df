import { focusableIn, isOnScreen } from "./focus.ts";

/** What was last at work in each pane, so that coming back is going on. */
const lastIn = new WeakMap<Element, HTMLElement>();
let lastPane: Element | null = null;

/** Remembers where the keyboard was in each pane; called once at start. */
export function rememberPanes(): void {
  window.addEventListener("focusin", ({ target }) => {
    const pane = target instanceof HTMLElement ? target.closest("[data-pane]") : null;
    if (!pane) return;
    lastIn.set(pane, target as HTMLElement);
    lastPane = pane;
  });
}

/** The keyboard goes to the next pane that is shown, or to the one before; after the last comes the first. */
export function goToPane(step: 1 | -1): void {
  const panes = [...document.querySelectorAll("[data-pane]")].filter((pane) => entryOf(pane) !== undefined);
  const current = document.activeElement?.closest("[data-pane]") ?? lastPane;
  const at = current ? panes.indexOf(current) : -1;
  const next = at < 0 && step < 0 ? panes.length - 1 : (at + step + panes.length) % panes.length;
  const entry = panes[next] && entryOf(panes[next]);
  entry?.focus();
}

/** After a dialog the keyboard goes on where it was, unless it has gone elsewhere. */
export function returnToPane(): void {
  if (!lastPane?.isConnected || document.activeElement !== document.body) return;
  entryOf(lastPane)?.focus({ preventScroll: true });
}

/** Where the keyboard comes in: where it was, else what the pane is about, else its first control. */
function entryOf(pane: Element): HTMLElement | undefined {
  if (!isOnScreen(pane) || pane.clientWidth === 0) return undefined;
  const last = lastIn.get(pane);
  if (last && pane.contains(last) && isOnScreen(last)) return last;
  return pane.querySelector<HTMLElement>("[data-pane-entry]") ?? focusableIn(pane)[0];
}
