import { commands, runCommand } from "./commands.ts";

/** Whether the system writes Command for Ctrl. */
export const isMac = navigator.platform.startsWith("Mac");

/** Keys as this system writes them: `Ctrl+S`, `⌘S`. */
export function keyLabel(keys: string): string {
  return isMac
    ? keys.replace("Mod+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥")
    : keys.replace("Mod", "Ctrl");
}

function matches(keys: string, event: KeyboardEvent): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1)!;
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const otherMod = isMac ? event.ctrlKey : event.metaKey;
  // A printed character such as ? already implies whether Shift is held.
  const shiftFits =
    key.length === 1 && !/[a-z]/i.test(key) ? true : parts.includes("Shift") === event.shiftKey;
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    parts.includes("Mod") === mod &&
    !otherMod &&
    parts.includes("Alt") === event.altKey &&
    shiftFits
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens for every command's keys. Keys without Mod are left to text fields; views may handle a key before us. */
export function listenForShortcuts(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    const command = commands.find(({ keys }) => keys !== undefined && matches(keys, event));
    if (!command || (isTyping(event.target) && (!command.keys!.includes("Mod") || command.group === "Edit")))
      return;
    if (document.querySelector("[role=dialog]") && command.id !== "view.palette") return;
    event.preventDefault();
    runCommand(command.id);
  };
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
