import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import styles from "./ScrolledRows.module.css";

/** Rows of one height in a short scrolling list; only the visible ones are drawn, since there may be a thousand. */
export function ScrolledRows({
  label,
  count,
  height,
  children,
}: {
  readonly label: string;
  readonly count: number;
  /** Of a row, px. */
  readonly height: number;
  children(index: number): ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 4,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls has to be reached by keyboard
    <section ref={scroller} className={styles.scroller} tabIndex={0} aria-label={label}>
      <ul className={styles.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ key, index, start }) => (
          <li key={key} style={{ top: start, height }}>
            {children(index)}
          </li>
        ))}
      </ul>
    </section>
  );
}
