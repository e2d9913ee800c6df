import { curveBumpX, curveMonotoneX, line } from "d3-shape";
import type { Point } from "./operator-graph.ts";

/** A smooth line from left to right through all points, as SVG path data. */
export function smoothPath(points: readonly Point[]): string {
  const draw = line<Point>(
    ({ x }) => x,
    ({ y }) => y,
  ).curve(points.length > 2 ? curveMonotoneX : curveBumpX);
  return draw([...points]) ?? "";
}

/** Straight pieces with rounded corners, as SVG path data. */
export function roundedPath(points: readonly Point[], radius: number): string {
  const pieces = [`M${points[0].x},${points[0].y}`];
  for (let k = 1; k < points.length - 1; k++) {
    const [before, corner, after] = [points[k - 1], points[k], points[k + 1]];
    const bend = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const start = towards(corner, before, bend);
    const end = towards(corner, after, bend);
    pieces.push(`L${start.x},${start.y}`, `Q${corner.x},${corner.y} ${end.x},${end.y}`);
  }
  const last = points.at(-1)!;
  pieces.push(`L${last.x},${last.y}`);
  return pieces.join(" ");
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}
