import { seededRandom } from "../../shared/base/random.ts";
import { mutateData } from "./data/index.ts";
import { mutateModel } from "./models/index.ts";
import { mutateProject } from "./projects/index.ts";
import { fileEntry, type Tree } from "./tree.ts";

export const caseKinds = ["model", "project", "data"] as const;
export type CaseKind = (typeof caseKinds)[number];

/** Something to open. */
export interface FuzzCase {
  readonly kind: CaseKind;
  readonly tree: Tree;
  /** What of the tree is opened; the whole of it if empty. */
  readonly open: string;
  /** What was done to a sound one, in order. */
  readonly mutations: readonly string[];
}

/** Kinds take turns, so a case is the same whichever kinds are asked for. */
export function kindOfCase(number: number): CaseKind {
  return caseKinds[number % caseKinds.length];
}

/** The same bytes for the same seed and number. */
export async function makeCase(seed: number, number: number): Promise<FuzzCase> {
  const random = seededRandom(Math.imul(seed, 0x9e3779b9) ^ number);
  const kind = kindOfCase(number);
  switch (kind) {
    case "model": {
      const { bytes, beside, mutations } = mutateModel(random);
      return modelCase(bytes, mutations, beside);
    }
    case "project": {
      const { bytes, mutations } = await mutateProject(random);
      return projectCase(bytes, mutations);
    }
    case "data":
      return { kind, open: "", ...(await mutateData(random)) };
  }
}

export function modelCase(
  bytes: Uint8Array,
  mutations: readonly string[],
  beside: Tree = new Map(),
): FuzzCase {
  return {
    kind: "model",
    open: "net.onnx",
    mutations,
    tree: new Map([...beside, ["net.onnx", fileEntry(bytes)]]),
  };
}

export function projectCase(bytes: Uint8Array, mutations: readonly string[]): FuzzCase {
  return { kind: "project", open: "p.offramp", mutations, tree: new Map([["p.offramp", fileEntry(bytes)]]) };
}
