/** What belongs to a further network of the project, by its SHA-256; to the backbone if absent. */
interface Owned {
  readonly member?: string;
}

interface Numbered extends Owned {
  readonly index: number;
}

/** What stands on the graph, by kind. A network's output counts as its last cut point. */
export type ElementKind = "network" | "input" | "output" | "block" | "cut" | "exit" | "operator";

/** An element's id, taken apart. */
export interface ElementName extends Owned {
  readonly kind: ElementKind;
  /** A number of blocks, cut points and exits, a name of operators; empty of the others. */
  readonly name: string;
}

function idOf(kind: ElementKind, member: string | undefined, name = ""): string {
  return `${member === undefined ? "" : `${member}/`}${kind}${name && `:${name}`}`;
}

/** Of a network's header. */
export const networkId = ({ member }: Owned) => idOf("network", member);
export const inputId = ({ member }: Owned) => idOf("input", member);
export const outputId = ({ member }: Owned) => idOf("output", member);
export const blockId = ({ member, index }: Numbered) => idOf("block", member, String(index));
export const cutId = ({ member, index }: Numbered) => idOf("cut", member, String(index));
export const exitId = ({ member, index }: Numbered) => idOf("exit", member, String(index));
export const operatorId = (member: string | undefined, name: string) => idOf("operator", member, name);

/** @throws nothing: what is no id of an element is undefined */
export function parseId(id: string): ElementName | undefined {
  const parts = /^(?:([^/:]+)\/)?(network|input|output|block|cut|exit|operator)(?::(.*))?$/s.exec(id);
  if (!parts) return undefined;
  const [, member, kind, name = ""] = parts;
  return { kind: kind as ElementKind, name, ...(member !== undefined && { member }) };
}
