export function SearchPanel() {
  return <div>Search</div>;
}
