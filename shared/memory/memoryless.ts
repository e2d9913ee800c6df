import { plainColumns } from "./exit-outputs.ts";
import type { MemoryKind } from "./memory-policy.ts";

/** What the others are compared with: every exit goes by its own answer's probability. */
export const memoryless: MemoryKind = {
  id: "memoryless",
  title: "no memory",
  fit: () => [{ columns: plainColumns }],
};
