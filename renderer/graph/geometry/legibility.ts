/** Text that is drawn smaller than this can't be read, px on the screen. */
const least = 9;

/** Below this zoom a graph is not drawn by itself, since its names could not be read. */
export const leastLegibleZoom = 0.5;

/** What is still written on the elements: all of it, their names alone, or nothing. */
export type Labels = "all" | "names" | "none";

/** As large as two lines, and as one, may get in a collapsed block, px. */
const largestOfTwo = 12.5;
const largestOfOne = 20;

/**
 * How elements are labelled at a zoom: text grows against it up to the room that there is, then it goes, the details first.
 * @returns `leastPx` in the graph's own px, below which no text is drawn
 */
export function legibility(zoom: number): { readonly labels: Labels; readonly leastPx: number } {
  const leastPx = least / zoom;
  const labels = leastPx <= largestOfTwo ? "all" : leastPx <= largestOfOne ? "names" : "none";
  return { labels, leastPx };
}
