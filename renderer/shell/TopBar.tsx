import { Redo2, Search, Undo2 } from "lucide-react";
import { history, useDesign, useHistory } from "../state/design-store.ts";
import { useProject } from "../state/project-store.ts";
import { useEdited } from "../state/use-edited.ts";
import { useView } from "../state/view-store.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import layoutStyles from "../ui/layout.module.css";
import { keyLabel } from "./shortcuts.ts";
import { TargetMenu } from "./TargetMenu.tsx";
import styles from "./TopBar.module.css";
import { UseCaseMenu } from "./UseCaseMenu.tsx";

export function TopBar() {
  const project = useProject((state) => state.project)!;
  const edited = useEdited();
  const undoable = useHistory((state) => state.undoable);
  const redoable = useHistory((state) => state.redoable);
  const exits = useDesign((state) => state.exits.length);
  return (
    <header className={styles.bar}>
      <h1 className={styles.name} title={project.projectPath ?? project.modelPath ?? undefined}>
        {project.name}
        {edited && <span title="There are changes that are not saved"> *</span>}
      </h1>
      <IconButton label={`Undo (${keyLabel("Mod+Z")})`} disabled={!undoable} onClick={() => history().undo()}>
        <Undo2 size={15} />
      </IconButton>
      <IconButton
        label={`Redo (${keyLabel("Mod+Shift+Z")})`}
        disabled={!redoable}
        onClick={() => history().redo()}
      >
        <Redo2 size={15} />
      </IconButton>
      <TargetMenu />
      <UseCaseMenu />
      <span className={layoutStyles.space} />
      <Button
        look="quiet"
        icon={<Search size={14} />}
        onClick={() => useView.setState({ paletteOpen: true })}
        aria-label={`${keyLabel("Mod+K")}: command palette`}
      >
        {keyLabel("Mod+K")}
      </Button>
      <Button
        look="primary"
        disabled={project.heads.length === 0 || project.profiles.length === 0}
        title={exits === 0 ? "Exports the backbone as a plan without exits" : undefined}
        onClick={() => useView.setState({ dialog: "export" })}
      >
        Export…
      </Button>
    </header>
  );
}
