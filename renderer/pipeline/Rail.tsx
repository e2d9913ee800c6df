export function Rail() {
  return <div>Rail</div>;
}
