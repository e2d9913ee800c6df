export function Welcome() {
  return <div>Welcome</div>;
}
