import { hashBytes } from "../../../electron/engine/base/hash.ts";
import type { GraphModel } from "../../../electron/engine/onnx/graph-model.ts";
import { type ZipMember, zipBytes } from "../zip-bytes.ts";

/** A project's archive that is to be damaged. */
export interface ProjectSubject {
  members: ZipMember[];
  /** Its models as they were, by their member's name. */
  readonly models: ReadonlyMap<string, GraphModel>;
}

const sealFile = "seal.json";

/** @param isSealed whether the seal is made to fit what is inside, so that the checks behind it are reached */
export function archiveBytes({ members }: ProjectSubject, isSealed: boolean): Uint8Array {
  if (!isSealed) return zipBytes(members);
  const others = members.filter(({ name }) => name !== sealFile);
  const seal = Object.fromEntries(others.map(({ name, bytes }) => [name, hashBytes(bytes)]));
  const bytes = new TextEncoder().encode(JSON.stringify(seal));
  return zipBytes([...others, { name: sealFile, bytes }]);
}

/** Replaces a member's bytes. */
export function setBytes(subject: ProjectSubject, at: number, bytes: Uint8Array): void {
  subject.members[at] = { name: subject.members[at].name, bytes };
}
