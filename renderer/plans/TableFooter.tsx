import { CircleCheck, Columns3, Download, ListFilter } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { formatCount } from "../../shared/base/format-number.ts";
import { isColumnShown } from "../../shared/presentation/plans/table-columns.ts";
import { changeBrush, useChart } from "../state/chart-store.ts";
import { runCommand } from "../state/commands.ts";
import { IconButton } from "../ui/Button.tsx";
import layoutStyles from "../ui/layout.module.css";
import surfaceStyles from "../ui/surface.module.css";
import { useColumnChoice } from "./column-choice.ts";
import styles from "./PlansTable.module.css";

interface FooterProps {
  readonly shown: number;
  readonly all: number;
  readonly isFiltering: boolean;
  onFilter(): void;
}

/** How many plans there are, and what can be done with the table. */
export function TableFooter({ shown, all, isFiltering, onFilter }: FooterProps) {
  const isMeeting = useChart(({ brush }) => brush.isMeeting);
  return (
    <div className={styles.footer}>
      {shown === all ? `${formatCount(all)} plans` : `${formatCount(shown)} of ${formatCount(all)} plans`}
      <span className={layoutStyles.space} />
      <IconButton
        className={styles.tool}
        label="Only plans that meet the use case"
        aria-pressed={isMeeting}
        onClick={() => changeBrush((brush) => ({ isMeeting: !brush.isMeeting }))}
      >
        <CircleCheck size={13} />
      </IconButton>
      <IconButton
        className={styles.tool}
        label="Filter by column"
        aria-pressed={isFiltering}
        onClick={onFilter}
      >
        <ListFilter size={13} />
      </IconButton>
      <ColumnsMenu />
      <IconButton
        className={styles.tool}
        label="Export these plans as CSV…"
        onClick={() => runCommand("plans.exportCsv")}
      >
        <Download size={13} />
      </IconButton>
    </div>
  );
}

/** Which columns are shown. */
function ColumnsMenu() {
  const { columns, choice, change } = useColumnChoice();
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <IconButton className={styles.tool} label="Columns">
          <Columns3 size={13} />
        </IconButton>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={`${surfaceStyles.menu} ${styles.columns}`}
          align="end"
          sideOffset={4}
          collisionPadding={8}
        >
          {columns.map((column) => (
            <DropdownMenu.CheckboxItem
              key={column.id}
              className={surfaceStyles.choice}
              checked={isColumnShown(column, choice)}
              title={column.description}
              // Several are chosen at once.
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(isShown) => change.show(column.id, isShown)}
            >
              {column.fullTitle}
            </DropdownMenu.CheckboxItem>
          ))}
          <DropdownMenu.Item onSelect={change.reset}>Usual columns and order</DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
