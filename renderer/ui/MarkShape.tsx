import { type Mark, markPath } from "../chart/geometry/series.ts";
import styles from "./MarkShape.module.css";

interface MarkShapeProps {
  readonly mark: Mark;
  /** Square pixels. */
  readonly area: number;
  readonly left?: number;
  readonly top?: number;
}

/** A series' mark inside an SVG drawing. */
export function MarkShape({ mark, area, left = 0, top = 0 }: MarkShapeProps) {
  return (
    <path
      className={mark.open ? styles.open : styles.filled}
      style={{ color: `var(--${mark.colour})` }}
      d={markPath(mark, area)}
      transform={`translate(${left},${top})`}
    />
  );
}

/** A mark that stands in a line of text. */
export function InlineMark({ mark, area = 40 }: Pick<MarkShapeProps, "mark"> & { readonly area?: number }) {
  return (
    <svg className={styles.inline} viewBox="-7 -7 14 14" aria-hidden="true">
      <MarkShape mark={mark} area={area} />
    </svg>
  );
}
