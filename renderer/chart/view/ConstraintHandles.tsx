import type { KeyboardEvent, PointerEvent } from "react";
import { constraintOf } from "../../../shared/model/constraints.ts";
import type { ConstraintField } from "../../../shared/model/use-case.ts";
import { type ChartFrame, clampedToPlot } from "../../../shared/presentation/chart/chart-frame.ts";
import {
  type ConstraintLine,
  chartedConstraints,
  directionOf,
} from "../../../shared/presentation/chart/constraint-lines.ts";
import type { Pixel } from "../../../shared/presentation/drawing/drawing.ts";
import type { BackbonePoint } from "../../../shared/presentation/plans/backbone-point.ts";
import { beginGesture, endGesture, setUseCase, useDesign } from "../../state/design-store.ts";
import { constraintStep, missingConstraints, moveConstraint } from "../geometry/move-constraint.ts";
import styles from "./ParetoChart.module.css";

interface HandlesProps {
  readonly frame: ChartFrame;
  readonly backbone: BackbonePoint;
}

/** Grips of the constraint lines, and tabs at the edges to drag new ones out from. */
export function ConstraintHandles({ frame, backbone }: HandlesProps) {
  const useCase = useDesign((state) => state.useCase);
  const { lines: present } = chartedConstraints(useCase, frame.axis, backbone);
  const missing = missingConstraints(useCase, frame.axis);
  const fields = [...present.map(({ field }) => field), ...missing];
  return fields.map((field) => (
    <Handle
      key={field}
      field={field}
      line={present.find((line) => line.field === field)}
      frame={frame}
      backbone={backbone}
    />
  ));
}

/** Tabs of constraints that aren't set wait beside the lower right corner. */
function tabPlace({ box }: ChartFrame, isHorizontal: boolean): Pixel {
  return isHorizontal ? { left: box.right, top: box.bottom - 16 } : { left: box.right - 16, top: box.bottom };
}

function Handle({
  field,
  line,
  frame,
  backbone,
}: HandlesProps & { readonly field: ConstraintField; readonly line: ConstraintLine | undefined }) {
  const isHorizontal = directionOf(field) === "horizontal";
  const { title } = constraintOf(field);
  const { box, axis, x, y } = frame;
  const at = line?.at ?? (isHorizontal ? y.domain()[0] : x.domain()[1]);
  const pixel = isHorizontal ? { left: box.right, top: y(at) } : { left: x(at), top: box.bottom };
  const shown = line ? clampedToPlot(frame, pixel) : tabPlace(frame, isHorizontal);
  const move = (value: number) => setUseCase(moveConstraint(field, value, axis, backbone));
  const remove = () => setUseCase({ [field]: undefined });

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    beginGesture();
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const area = event.currentTarget.parentElement!.getBoundingClientRect();
    const pointer = clampedToPlot(frame, { left: event.clientX - area.left, top: event.clientY - area.top });
    move(isHorizontal ? y.invert(pointer.top) : x.invert(pointer.left));
  };
  const onPointerEnd = () => endGesture();
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key];
    if (direction !== undefined) {
      event.preventDefault();
      beginGesture();
      move(at + direction * constraintStep({ field, at }, event.shiftKey));
    } else if ((event.key === "Delete" || event.key === "Backspace") && line) {
      event.preventDefault();
      remove();
    }
  };
  const scale = isHorizontal ? y : x;
  const text = line ? line.label : "none; press an arrow key or drag to set one";
  return (
    <div
      className={`${styles.handle} ${isHorizontal ? styles.horizontal : styles.vertical} ${line ? "" : styles.missing}`}
      style={{ left: shown.left, top: shown.top }}
      role="slider"
      tabIndex={0}
      title={
        line
          ? `${title}: ${line.label}. Drag or use the arrow keys; Delete or a double click removes it.`
          : `Drag out: ${title.toLowerCase()}`
      }
      aria-label={title}
      aria-orientation={isHorizontal ? "vertical" : "horizontal"}
      aria-valuemin={scale.domain()[0]}
      aria-valuemax={scale.domain()[1]}
      aria-valuenow={at}
      aria-valuetext={text}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (line) remove();
      }}
      onKeyDown={onKeyDown}
      onKeyUp={onPointerEnd}
      onBlur={onPointerEnd}
    />
  );
}
