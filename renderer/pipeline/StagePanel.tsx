import type { PanelName } from "../stores/view-store.ts";

export function StagePanel({ name }: { readonly name: PanelName }) {
  return <div>{name}</div>;
}
