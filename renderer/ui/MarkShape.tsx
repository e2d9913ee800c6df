import { mark as markShape } from "../../shared/presentation/drawing/drawing.ts";
import type { Mark } from "../../shared/presentation/drawing/marks.ts";
import { painted } from "./Drawing.tsx";
import styles from "./MarkShape.module.css";

interface MarkShapeProps {
  readonly mark: Mark;
  /** Square pixels. */
  readonly area: number;
  readonly left?: number;
  readonly top?: number;
}

/** A series' mark inside an SVG drawing; one element and no more, for there are hundreds while a search runs. */
export function MarkShape({ mark, area, left = 0, top = 0 }: MarkShapeProps) {
  return <path {...painted(markShape(mark, area, { left, top }).attributes)} />;
}

/** A mark in a line of text. */
export function InlineMark({ mark, area = 40 }: Pick<MarkShapeProps, "mark"> & { readonly area?: number }) {
  return (
    <svg className={styles.inline} viewBox="-7 -7 14 14" aria-hidden="true">
      <MarkShape mark={mark} area={area} />
    </svg>
  );
}
