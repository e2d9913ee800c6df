import { blockId, cutId, exitId, operatorId, type Scene } from "./layout.ts";

export type Step = "left" | "right" | "up" | "down" | "first" | "last";

/**
 * Where an arrow key leads: left and right along the backbone over blocks and cut points, down from a cut point to its
 * exit or from an expanded block to its operators, and up again.
 * @param exits cut-point indices of the plan's exits, rising
 */
export function nextFocus(scene: Scene, exits: readonly number[], focus: string, step: Step): string {
  const { line, inside, parent } = orderOf(scene, exits);
  const above = parent.get(focus);
  if (step === "down") return inside.get(focus)?.[0] ?? focus;
  if (step === "up") return above ?? focus;
  // Exits are neighbours of each other; operators of the others in their block.
  const row = above === undefined ? line : focus.startsWith("exit:") ? exits.map(exitId) : inside.get(above)!;
  if (step === "first") return row[0];
  if (step === "last") return row.at(-1)!;
  const place = row.indexOf(focus);
  if (place < 0) return line[0];
  return row[Math.min(row.length - 1, Math.max(0, place + (step === "right" ? 1 : -1)))];
}

function orderOf(scene: Scene, exits: readonly number[]) {
  const line = scene.blocks.flatMap(({ block: { index, cutPoint } }) =>
    cutPoint ? [blockId(index), cutId(cutPoint.index)] : [blockId(index)],
  );
  line.push("output");
  const inside = new Map<string, string[]>(exits.map((index) => [cutId(index), [exitId(index)]]));
  for (const { node, block } of scene.operators) {
    const frame = blockId(block.index);
    const members = inside.get(frame);
    if (members) members.push(operatorId(node.name));
    else inside.set(frame, [operatorId(node.name)]);
  }
  const parent = new Map(
    [...inside].flatMap(([above, members]) => members.map((id) => [id, above] as const)),
  );
  return { line, inside, parent };
}
