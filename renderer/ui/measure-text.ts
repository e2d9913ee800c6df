/** Measures texts in the window's type. @param font its weight and size: `600 11.5px` @returns px */
export function textMeasure(font: string): (text: string) => number {
  const context = document.createElement("canvas").getContext("2d")!;
  context.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  return (text) => context.measureText(text).width;
}
