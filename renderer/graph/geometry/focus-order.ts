import { blockId, cutId, exitId, networkId, operatorId, outputId } from "./element-ids.ts";
import type { PlacedNetwork, Scene } from "./scene.ts";

export type Step = "left" | "right" | "up" | "down" | "first" | "last";

/**
 * Where an arrow key leads: left and right along a network over blocks and cut points; down from a network's header to its
 * first block, from a cut point to its exit, from an expanded block to its operators, from all else to the next network; and
 * up again.
 * @param exits element ids of the plan's exits, in the order in which a sample meets them
 */
export function nextFocus(scene: Scene, exits: readonly string[], focus: string, step: Step): string {
  const { row, above, below } = placeOf(scene, exits, focus);
  if (step === "down") return below ?? focus;
  if (step === "up") return above ?? focus;
  if (step === "first") return row[0];
  if (step === "last") return row[row.length - 1];
  const place = row.indexOf(focus);
  if (place < 0) return row[0];
  return row[Math.min(row.length - 1, Math.max(0, place + (step === "right" ? 1 : -1)))];
}

/** Where the keyboard can go from an element. */
interface Place {
  /** The element and its neighbours, from left to right; those of the first network if it is gone. */
  readonly row: readonly string[];
  readonly above?: string;
  readonly below?: string;
}

function placeOf(scene: Scene, exits: readonly string[], focus: string): Place {
  const lines = scene.networks.map((network) => lineOf(scene, network));
  const headers = scene.networks.map(({ header, network }) => header && networkId(network));
  const lane = lines.findIndex((line, index) => line.includes(focus) || headers[index] === focus);
  if (lane >= 0) {
    const [line, header] = [lines[lane], headers[lane]];
    if (focus === header) return { row: [header, ...line], above: headers[lane - 1], below: line[0] };
    return { row: line, above: header, below: insideOf(scene, exits, focus)[0] ?? headers[lane + 1] };
  }
  const parent = lines.flat().find((id) => insideOf(scene, exits, id).includes(focus));
  if (parent === undefined) return { row: lines[0] };
  // Exits are neighbours of each other; operators of the others in their block.
  const row = exits.includes(focus) ? exits : insideOf(scene, exits, parent);
  return { row, above: parent, below: headers[1 + lines.findIndex((line) => line.includes(parent))] };
}

function lineOf({ cuts }: Scene, { network }: PlacedNetwork): readonly string[] {
  const markers = new Set(cuts.map(cutId));
  const isMarker = (id: string) => markers.has(id);
  const { blocks } = network;
  return [
    ...blocks.flatMap((block) => [blockId(block), ...(block.cutPoint ? [cutId(block)] : [])]),
    outputId(network),
    ...blocks.slice(-1).map(cutId).filter(isMarker),
  ];
}

/** What the down arrow leads into. */
function insideOf(scene: Scene, exits: readonly string[], id: string): readonly string[] {
  const cut = scene.cuts.find((placed) => cutId(placed) === id);
  if (cut) return exits.filter((exit) => exit === exitId(cut));
  return scene.operators
    .filter(({ block }) => blockId(block) === id)
    .map(({ block, node }) => operatorId(block.member, node.name));
}
