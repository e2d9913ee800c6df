export function ParetoView() {
  return <div>ParetoView</div>;
}
