import { commandOf, windowCommandIds } from "../../shared/ipc/commands.ts";
import { runCommand } from "../state/commands.ts";
import { arePressed } from "../ui/keys.ts";

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Whether a field takes these keys as text or as its own. */
function isText(keys: string): boolean {
  return !/Mod|\bF\d/.test(keys);
}

/** Listens for every command's keys. Keys without Mod, but for F1 to F12, are left to text fields; views may handle a key before us. */
export function listenForShortcuts(): void {
  window.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    for (const id of windowCommandIds) {
      const { keys = [], leftToText } = commandOf(id);
      const pressed = keys.find((combination) => arePressed(combination, event));
      if (pressed === undefined) continue;
      if (isTyping(event.target) && (leftToText || isText(pressed))) return;
      if (document.querySelector("[role=dialog]") && id !== "view.palette") return;
      event.preventDefault();
      runCommand(id);
      return;
    }
  });
}
