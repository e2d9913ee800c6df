function shapeText(shape: readonly number[]): string {
  return shape.map((side) => (side < 0 ? "?" : side)).join("×");
}

/** A shape at batch 1 without the batch: `64×14×14`. */
export function sampleShape(shape: readonly number[]): string {
  return shapeText(shape.length > 1 ? shape.slice(1) : shape);
}
