export function GraphTooltip() {
  return null;
}
