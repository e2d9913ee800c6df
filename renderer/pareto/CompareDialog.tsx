export function CompareDialog() {
  return null;
}
