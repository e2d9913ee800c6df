import { Redo2, Search, Undo2 } from "lucide-react";
import { isBackbone } from "../../shared/model/plan.ts";
import { runCommand } from "../state/commands.ts";
import { redo, undo, useDesign, useHistory } from "../state/design-store.ts";
import { useOpenProject } from "../state/project-store.ts";
import { useNextStep } from "../state/stages/use-stages.ts";
import { useEdited } from "../state/use-edited.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { onToolbarKey } from "../ui/focus.ts";
import { commandHint, commandKeys } from "../ui/keys.ts";
import layoutStyles from "../ui/layout.module.css";
import { TargetMenu } from "./TargetMenu.tsx";
import styles from "./TopBar.module.css";
import { UseCaseMenu } from "./UseCaseMenu.tsx";

export function TopBar() {
  const project = useOpenProject();
  const edited = useEdited();
  const undoable = useHistory((state) => state.undoable);
  const redoable = useHistory((state) => state.redoable);
  const isBackboneAlone = useDesign(isBackbone);
  const next = useNextStep();
  const leadsElsewhere = next !== null && next.stage !== "export";
  return (
    <header data-pane>
      <div className={styles.bar} role="toolbar" aria-label="Project" onKeyDown={onToolbarKey}>
        <h1 className={styles.name} title={project.projectPath ?? project.modelPath ?? undefined}>
          {project.name}
          {edited && <span title="There are changes that are not saved"> *</span>}
        </h1>
        <IconButton label={commandHint("edit.undo")} disabled={!undoable} onClick={undo}>
          <Undo2 size={15} />
        </IconButton>
        <IconButton label={commandHint("edit.redo")} disabled={!redoable} onClick={redo}>
          <Redo2 size={15} />
        </IconButton>
        <TargetMenu />
        <UseCaseMenu />
        <span className={layoutStyles.space} />
        <Button
          look="quiet"
          icon={<Search size={14} />}
          onClick={() => runCommand("view.palette")}
          aria-label={`${commandKeys("view.palette")}: command palette`}
        >
          {commandKeys("view.palette")}
        </Button>
        <Button
          look={leadsElsewhere ? "plain" : "primary"}
          data-tour="export"
          disabled={project.heads.length === 0 || project.profiles.length === 0}
          title={isBackboneAlone ? "Exports the backbone as a plan without exits" : undefined}
          onClick={() => runCommand("file.export")}
        >
          Export…
        </Button>
      </div>
    </header>
  );
}
