export function GraphView() {
  return <div>GraphView</div>;
}
