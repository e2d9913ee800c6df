import { Command as Palette } from "cmdk";
import { useView } from "../state/view-store.ts";
import styles from "./CommandPalette.module.css";
import { commands } from "./commands.ts";
import { keyLabel } from "./shortcuts.ts";

/** Every command by name (Ctrl+K). */
export function CommandPalette() {
  const open = useView(({ paletteOpen }) => paletteOpen);
  const close = () => useView.setState({ paletteOpen: false });
  const available = commands.filter(({ id, enabled }) => id !== "view.palette" && (enabled?.() ?? true));
  const groups = [...new Set(available.map(({ group }) => group))];
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
              .filter((command) => command.group === group)
              .map(({ id, title, keys, run }) => (
                <Palette.Item
                  key={id}
                  value={`${group} ${title}`}
                  onSelect={() => {
                    close();
                    // After the palette has given the focus back, so that a dialog may take it.
                    requestAnimationFrame(run);
                  }}
                >
                  <span>{title}</span>
                  {keys && <kbd>{keyLabel(keys)}</kbd>}
                </Palette.Item>
              ))}
          </Palette.Group>
        ))}
      </Palette.List>
    </Palette.Dialog>
  );
}
