import type { Command } from "../ui/command.ts";
import { Dialog } from "../ui/Dialog.tsx";
import layoutStyles from "../ui/layout.module.css";
import textStyles from "../ui/text.module.css";
import { commands } from "./commands.ts";
import { closeDialog } from "./Dialogs.tsx";
import styles from "./ShortcutsDialog.module.css";
import { keyLabel } from "./shortcuts.ts";

export function ShortcutsDialog() {
  const groups = new Map<string, Command[]>();
  for (const command of commands)
    if (command.keys) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return (
    <Dialog title="Keyboard shortcuts" open wide onClose={closeDialog}>
      <div className={styles.groups}>
        {[...groups].map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={layoutStyles.pairs}>
              {members.map(({ id, title, keys }) => (
                <div key={id}>
                  <dt>{title.replace("…", "")}</dt>
                  <dd>
                    <kbd className={textStyles.key}>{keyLabel(keys!)}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
