export function PlansView() {
  return <div>PlansView</div>;
}
