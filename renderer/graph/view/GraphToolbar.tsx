import {
  ChevronsDownUp,
  ChevronsUpDown,
  Ellipsis,
  type LucideIcon,
  Maximize,
  Search,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { networkOf } from "../../../shared/files/project-view.ts";
import { type CommandsOf, commandTitle } from "../../../shared/ipc/commands.ts";
import { canRun, runCommand } from "../../state/commands.ts";
import { useOrderedNetworks } from "../../state/current-graph.ts";
import { useDesign } from "../../state/design-store.ts";
import { useProject } from "../../state/project-store.ts";
import { IconButton } from "../../ui/Button.tsx";
import { onToolbarKey } from "../../ui/focus.ts";
import { commandHint, commandKeys } from "../../ui/keys.ts";
import layoutStyles from "../../ui/layout.module.css";
import { startExitDrag } from "./exit-drag.ts";
import styles from "./GraphToolbar.module.css";
import { HeatControls } from "./HeatControls.tsx";

/** What can be put on the graph, how it is coloured, and what part of it is seen. */
export function GraphToolbar() {
  return (
    <div className={styles.bar} role="toolbar" aria-label="Graph tools" onKeyDown={onToolbarKey}>
      <ExitChip />
      <HeatControls />
      <span className={layoutStyles.space} />
      <Tool command="graph.find" icon={Search} />
      <Tool command="graph.expandAll" icon={ChevronsUpDown} />
      <Tool command="graph.collapseAll" icon={ChevronsDownUp} />
      <Tool command="graph.zoomOut" icon={ZoomOut} className={styles.wideOnly} />
      <Tool command="graph.zoomIn" icon={ZoomIn} className={styles.wideOnly} />
      <Tool command="graph.fit" icon={Maximize} />
      <MoreMenu />
    </div>
  );
}

interface ToolProps {
  readonly command: CommandsOf<"graph">;
  readonly icon: LucideIcon;
  readonly className?: string;
}

function Tool({ command, icon: Icon, className }: ToolProps) {
  return (
    <IconButton label={commandHint(command)} className={className} onClick={() => runCommand(command)}>
      <Icon size={15} />
    </IconButton>
  );
}

/** An exit to be dragged onto the graph. From the keyboard, a marker takes Enter instead. */
function ExitChip() {
  const networks = useOrderedNetworks().filter(({ isOn }) => isOn);
  const hasHeads = useProject(({ project }) =>
    networks.some(({ member }) => project && (networkOf(project, member)?.heads.length ?? 0) > 0),
  );
  const brings = networks.some(({ summary }) => summary.readyExits.length > 0);
  const places = networks.reduce(
    (sum, { summary, isFollowed }) => sum + summary.cutPoints.length + (isFollowed ? 1 : 0),
    0,
  );
  const full = useDesign(({ exits }) => exits.length >= places);
  if (places === 0) return null;
  const why = !hasHeads
    ? brings
      ? "Calibrate the exits on a data set first; then they can be placed"
      : "Train heads first; then exits can be placed"
    : full
      ? "Every cut point has an exit"
      : networks.length > 1
        ? "Drag an exit onto a network"
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
  "graph.compare",
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
  return menuItems.map((id) => (
    <DropdownMenu.Item
      key={id}
      disabled={!canRun(id)}
      // After the menu has given the focus back.
      onSelect={() => requestAnimationFrame(() => runCommand(id))}
    >
      <span>{commandTitle(id)}</span>
      {commandKeys(id) && <kbd>{commandKeys(id)}</kbd>}
    </DropdownMenu.Item>
  ));
}
