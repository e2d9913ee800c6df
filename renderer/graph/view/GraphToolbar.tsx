import { ChevronsDownUp, ChevronsUpDown, Ellipsis, Maximize, Search, ZoomIn, ZoomOut } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { keyLabel } from "../../shell/shortcuts.ts";
import { useDesign } from "../../state/design-store.ts";
import { useProject } from "../../state/project-store.ts";
import { IconButton } from "../../ui/Button.tsx";
import layoutStyles from "../../ui/layout.module.css";
import { fitGraph, zoomBy } from "../canvas.ts";
import { graphCommands } from "../commands.ts";
import { startExitDrag } from "../exit-drag.ts";
import styles from "./GraphToolbar.module.css";
import { HeatControls } from "./HeatControls.tsx";

/** What can be put on the graph, how it is coloured, and what part of it is seen. */
export function GraphToolbar() {
  return (
    <div className={styles.bar} role="toolbar" aria-label="Graph tools">
      <ExitChip />
      <HeatControls />
      <span className={layoutStyles.space} />
      <IconButton label={`Find (${keyLabel("Mod+F")})`} onClick={() => runGraphCommand("graph.find")}>
        <Search size={15} />
      </IconButton>
      <IconButton label="Expand all blocks" onClick={() => runGraphCommand("graph.expandAll")}>
        <ChevronsUpDown size={15} />
      </IconButton>
      <IconButton label="Collapse all blocks" onClick={() => runGraphCommand("graph.collapseAll")}>
        <ChevronsDownUp size={15} />
      </IconButton>
      <IconButton label="Zoom out (-)" className={styles.wideOnly} onClick={() => zoomBy(1 / 1.3)}>
        <ZoomOut size={15} />
      </IconButton>
      <IconButton label="Zoom in (+)" className={styles.wideOnly} onClick={() => zoomBy(1.3)}>
        <ZoomIn size={15} />
      </IconButton>
      <IconButton label="Fit the graph (0)" onClick={() => fitGraph()}>
        <Maximize size={15} />
      </IconButton>
      <MoreMenu />
    </div>
  );
}

/** An exit to be dragged onto the graph. From the keyboard, a marker takes Enter instead. */
function ExitChip() {
  const hasHeads = useProject(({ project }) => (project?.heads.length ?? 0) > 0);
  const cutPoints = useProject(({ project }) => project?.backbone.cutPoints.length ?? 0);
  const full = useDesign(({ exits }) => exits.length >= cutPoints);
  if (cutPoints === 0) return null;
  const why = !hasHeads
    ? "Train heads first; then exits can be placed"
    : full
      ? "Every cut point has an exit"
      : "Drag an exit onto the backbone";
  return (
    <div
      className={styles.chip}
      title={why}
      aria-disabled={!hasHeads || full}
      onPointerDown={(event) => hasHeads && !full && startExitDrag(event, null)}
    >
      <span className={styles.chipMark} />
      Exit
    </div>
  );
}

const menuItems = [
  "graph.zoomToSelection",
  "graph.minimap",
  "graph.addExit",
  "graph.exportSvg",
  "graph.exportPng",
] as const;

function MoreMenu() {
  return (
    // A modal menu would add a style element, which the content security policy forbids.
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton label="More for the graph">
          <Ellipsis size={15} />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles.menu} align="end" sideOffset={4}>
          <MenuItems />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

/** Made when the menu opens, so that what is possible then is offered. */
function MenuItems() {
  return graphCommands
    .filter(({ id }) => menuItems.some((item) => item === id))
    .map(({ id, title, keys, enabled, run }) => (
      <DropdownMenu.Item
        key={id}
        disabled={!(enabled?.() ?? true)}
        // After the menu has given the focus back.
        onSelect={() => requestAnimationFrame(run)}
      >
        <span>{title}</span>
        {keys && <kbd>{keyLabel(keys)}</kbd>}
      </DropdownMenu.Item>
    ));
}

function runGraphCommand(id: string): void {
  graphCommands.find((command) => command.id === id)?.run();
}
