/** What the Tab key stops at. */
const focusable =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex]:not([tabindex="-1"])';

export function isOnScreen(element: Element): boolean {
  return element.getClientRects().length > 0;
}

/** What can have the focus in an element, in the order of the page. */
export function focusableIn(element: Element): HTMLElement[] {
  return [...element.querySelectorAll<HTMLElement>(focusable)].filter(isOnScreen);
}

/** Drawing a panel takes a few frames, an engine's answer more; after these the person has gone on. */
const framesToWait = 60;

/** Gives an element the focus as soon as it is on the page. */
export function focusSoon(find: () => HTMLElement | null | undefined, frames = framesToWait): void {
  requestAnimationFrame(() => {
    const found = find();
    if (found && isOnScreen(found)) {
      found.focus();
      found.scrollIntoView({ block: "nearest" });
    } else if (frames > 0) focusSoon(find, frames - 1);
  });
}

/** Goes to the control of this label, also in a part that is folded up, as soon as it is on the page. */
export function focusControl(label: string): void {
  focusSoon(() => {
    const control = controlOf(label);
    for (let fold = control?.closest("details"); fold; fold = fold.parentElement?.closest("details"))
      fold.open = true;
    return control;
  });
}

function controlOf(label: string): HTMLElement | undefined {
  const isIt = (text: string | null | undefined) => text === label || text?.startsWith(`${label} (`);
  const own = [...document.querySelectorAll<HTMLLabelElement>("label")].find(({ textContent, firstChild }) =>
    [textContent, firstChild?.textContent].some((text) => isIt(text?.trim())),
  );
  const named = () =>
    [...document.querySelectorAll<HTMLElement>("[aria-label]")].find(({ ariaLabel }) => isIt(ariaLabel));
  return own?.control ?? named();
}

/**
 * Left and right go along the controls of a toolbar, also out of a list of choices, which up and down change.
 * @see WAI-ARIA Authoring Practices, toolbar pattern
 */
export function onToolbarKey(event: {
  readonly key: string;
  readonly altKey: boolean;
  readonly target: EventTarget;
  readonly currentTarget: Element;
  preventDefault(): void;
}): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step === undefined || event.altKey || isTextField(event.target)) return;
  const stops = focusableIn(event.currentTarget);
  const at = stops.indexOf(event.target as HTMLElement);
  if (at < 0) return;
  event.preventDefault();
  stops[(at + step + stops.length) % stops.length].focus();
}

function isTextField(target: EventTarget): boolean {
  return target instanceof HTMLInputElement && target.type !== "checkbox";
}
