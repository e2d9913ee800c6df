import type { PlacedNetwork } from "./scene.ts";

/** A network that is off joins the others' end once it is lifted half of this, px. */
const lift = 48;

/**
 * Which networks the plan goes through, and in which order, when one is dragged to a height.
 * @param networks from top to bottom
 * @param dragged SHA-256 of the one that is dragged
 * @param top where its header's top is dragged to, px
 * @param wasOn whether the plan went through it before the drag; if not, it stays off where it was
 * @returns SHA-256 of the networks in their new order
 */
export function chainAt(
  networks: readonly PlacedNetwork[],
  dragged: string,
  top: number,
  wasOn: boolean,
): readonly string[] {
  const others = networks.filter(({ network }) => network.isOn && network.sha256 !== dragged);
  const shas = others.map(({ network }) => network.sha256);
  let place = others[0] ? Math.min(...networks.map((network) => network.top)) : 0;
  let best = { away: Number.POSITIVE_INFINITY, chain: shas };
  const consider = (at: number, chain: string[]) => {
    const away = Math.abs(at - top);
    if (away < best.away) best = { away, chain };
  };
  const last = others.length;
  for (let index = 0; index <= last; index++) {
    const raised = !wasOn && index === last ? lift : 0;
    consider(place - raised, shas.toSpliced(index, 0, dragged));
    if (others[index]) place += heightOf(networks, others[index]);
  }
  if (!wasOn && last > 0) consider(place, shas);
  return best.chain;
}

/** With the room below it. */
function heightOf(networks: readonly PlacedNetwork[], { top, bottom }: PlacedNetwork): number {
  const next = networks.find((network) => network.top > top);
  return (next?.top ?? bottom) - top;
}
