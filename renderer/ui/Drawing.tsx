import { createElement, type ReactNode } from "react";
import type { Drawing as Drawn, Shape } from "../../shared/presentation/drawing/drawing.ts";
import type { ColourName } from "../../shared/presentation/drawing/palette.ts";
import { byVariable } from "../../shared/presentation/drawing/svg.ts";
import styles from "./Drawing.module.css";

/** A drawing of shared/presentation, the same as a report has it. */
export function Drawing({ drawing: { width, height, label, shapes } }: { readonly drawing: Drawn }) {
  return (
    <svg className={styles.drawing} width={width} height={height} role="img" aria-label={label}>
      <Shapes shapes={shapes} />
    </svg>
  );
}

/** Shapes inside an SVG element. */
export function Shapes({ shapes }: { readonly shapes: readonly Shape[] }) {
  return <g className={styles.shapes}>{shapes.map(elementOf)}</g>;
}

function elementOf({ tag, attributes, tooltip, content }: Shape, index: number): ReactNode {
  const title = tooltip === undefined ? undefined : <title>{tooltip}</title>;
  const inner = typeof content === "string" ? content : content.map(elementOf);
  return createElement(tag, { key: index, ...painted(attributes) }, title, inner);
}

/** A shape's attributes in the window's colours, which the style sheet knows. */
export function painted(attributes: Shape["attributes"]): Shape["attributes"] {
  return { ...attributes, ...paintOf("fill", attributes), ...paintOf("stroke", attributes) };
}

function paintOf(name: "fill" | "stroke", attributes: Shape["attributes"]): Record<string, string> {
  const paint = attributes[name];
  return paint === undefined || paint === "none" ? {} : { [name]: byVariable(paint as ColourName) };
}
