import { commandOf, windowCommandIds } from "../../shared/ipc/commands.ts";
import { runCommand } from "../state/commands.ts";
import { arePressed } from "../ui/keys.ts";

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Listens for every command's keys. Keys without Mod are left to text fields; views may handle a key before us. */
export function listenForShortcuts(): void {
  window.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    for (const id of windowCommandIds) {
      const { keys = [], leftToText } = commandOf(id);
      const pressed = keys.find((combination) => arePressed(combination, event));
      if (pressed === undefined) continue;
      if (isTyping(event.target) && (leftToText || !pressed.includes("Mod"))) return;
      if (document.querySelector("[role=dialog]") && id !== "view.palette") return;
      event.preventDefault();
      runCommand(id);
      return;
    }
  });
}
