import { Command as Palette } from "cmdk";
import { commandOf, commandTitle, windowCommandIds } from "../../shared/ipc/commands.ts";
import { canRun, runCommand } from "../state/commands.ts";
import { showPalette, useView } from "../state/view-store.ts";
import { commandKeys } from "../ui/keys.ts";
import styles from "./CommandPalette.module.css";

/** Every command by name (Ctrl+K). */
export function CommandPalette() {
  const open = useView(({ paletteOpen }) => paletteOpen);
  const close = () => showPalette(false);
  const available = windowCommandIds.filter((id) => commandOf(id).palette !== false && canRun(id));
  const groups = [...new Set(available.map((id) => commandOf(id).group))];
  return (
    <Palette.Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && close()}
      label="Command palette"
      className={styles.palette}
      overlayClassName={styles.overlay}
      contentClassName={styles.content}
    >
      <Palette.Input placeholder="Type a command" className={styles.input} aria-label="Command" />
      <Palette.List className={styles.list}>
        <Palette.Empty className={styles.none}>No command of that name.</Palette.Empty>
        {groups.map((group) => (
          <Palette.Group key={group} heading={group}>
            {available
              .filter((id) => commandOf(id).group === group)
              .map((id) => (
                <Palette.Item
                  key={id}
                  value={`${group} ${commandTitle(id)}`}
                  onSelect={() => {
                    close();
                    // After the palette has given the focus back, so that a dialog may take it.
                    requestAnimationFrame(() => runCommand(id));
                  }}
                >
                  <span>{commandTitle(id)}</span>
                  {commandKeys(id) && <kbd>{commandKeys(id)}</kbd>}
                </Palette.Item>
              ))}
          </Palette.Group>
        ))}
      </Palette.List>
    </Palette.Dialog>
  );
}
