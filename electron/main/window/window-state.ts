import { z } from "zod";

const boundsSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});

/** Where the window stood and how, kept between runs. */
export const windowStateSchema = z.object({ bounds: boundsSchema, isMaximized: z.boolean() });

export type WindowState = z.infer<typeof windowStateSchema>;
export type Bounds = z.infer<typeof boundsSchema>;

const defaultSize = { width: 1440, height: 900 };
export const minSize = { width: 1024, height: 680 };

/** So much of the window must lie on a display for a person to grab it. */
const minVisible = 100;

/**
 * The window's place at start.
 * @param state undefined at the first start
 * @param areas of the displays that are there now, the main one first
 * @returns without a position if the window is to be in the middle
 */
export function startingBounds(
  state: WindowState | undefined,
  areas: readonly Bounds[],
): Partial<Bounds> & Pick<Bounds, "width" | "height"> {
  const area = state && areas.find((each) => isVisible(state.bounds, each));
  if (state && area) return { ...state.bounds, ...fitted(state.bounds, area) };
  return fitted(defaultSize, areas[0] ?? { x: 0, y: 0, ...defaultSize });
}

/** How far a further window stands from the one beside it. */
const step = 32;

/**
 * A further window's place: a step down and to the right of one that is there, as large or up to the display's edge; in
 * the display's corner if that leaves too little.
 * @param areas of the displays that are there now, the main one first
 */
export function steppedBounds(beside: Bounds, areas: readonly Bounds[]): Bounds {
  const area = areas.find((each) => isVisible(beside, each)) ?? areas[0] ?? beside;
  const [x, y] = [beside.x + step, beside.y + step];
  const width = Math.min(beside.width, area.x + area.width - x);
  const height = Math.min(beside.height, area.y + area.height - y);
  const isLarge = width >= minSize.width && height >= minSize.height;
  return isLarge ? { x, y, width, height } : { x: area.x, y: area.y, ...fitted(beside, area) };
}

function fitted({ width, height }: Pick<Bounds, "width" | "height">, area: Bounds) {
  return { width: Math.min(width, area.width), height: Math.min(height, area.height) };
}

/** Whether the title bar can be reached on this display. */
function isVisible({ x, y, width }: Bounds, area: Bounds): boolean {
  const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return across >= minVisible && y >= area.y && y <= area.y + area.height - minVisible;
}
