import { commandOf, commandTitle, type WindowCommandId } from "../../shared/ipc/commands.ts";

/** Whether the system writes Command for Ctrl. */
function isMac(): boolean {
  return navigator.platform.startsWith("Mac");
}

/** Keys as this system writes them: `Ctrl+S`, `⌘S`. */
export function keyLabel(keys: string, onMac = isMac()): string {
  return onMac
    ? keys.replace("Mod+", "⌘").replace("Shift+", "⇧").replace("Alt+", "⌥")
    : keys.replace("Mod", "Ctrl");
}

/** The keys of a command, as this system writes them; undefined if it has none. */
export function commandKeys(id: WindowCommandId): string | undefined {
  const [keys] = commandOf(id).keys ?? [];
  return keys && keyLabel(keys);
}

/** What a button for a command is called: `Undo (Ctrl+Z)`. */
export function commandHint(id: WindowCommandId): string {
  const keys = commandKeys(id);
  return keys ? `${commandTitle(id)} (${keys})` : commandTitle(id);
}

type Pressed = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">;

/** Whether these are the keys that were pressed. */
export function arePressed(keys: string, event: Pressed, onMac = isMac()): boolean {
  const parts = keys.split("+");
  const key = parts.at(-1)!;
  const mod = onMac ? event.metaKey : event.ctrlKey;
  const otherMod = onMac ? event.ctrlKey : event.metaKey;
  // A printed sign such as ? says by itself whether Shift is held.
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
