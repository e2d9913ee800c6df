import { commandOf, commandTitle, windowCommandIds } from "../../shared/ipc/commands.ts";
import { closeDialog } from "../state/view-store.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { commandKeys } from "../ui/keys.ts";
import layoutStyles from "../ui/layout.module.css";
import textStyles from "../ui/text.module.css";
import styles from "./ShortcutsDialog.module.css";

const withKeys = windowCommandIds.filter((id) => commandOf(id).keys);
const groups = [...new Set(withKeys.map((id) => commandOf(id).group))];

export function ShortcutsDialog() {
  return (
    <Dialog title="Keyboard shortcuts" open wide onClose={closeDialog}>
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group}>
            <h3>{group}</h3>
            <dl className={layoutStyles.pairs}>
              {withKeys
                .filter((id) => commandOf(id).group === group)
                .map((id) => (
                  <div key={id}>
                    <dt>{commandTitle(id).replace("…", "")}</dt>
                    <dd>
                      <kbd className={textStyles.key}>{commandKeys(id)}</kbd>
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
