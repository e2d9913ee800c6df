import { z } from "zod";

/** One thing that is to be said of a plan, in sentences. */
export const statementSchema = z.object({
  /** What it is about, such as `useCase`; one id may have several to say. */
  id: z.string(),
  /** Good and plain ones inform; of the others a person should know before relying on the plan. */
  tone: z.enum(["good", "plain", "warn", "bad"]),
  text: z.string(),
  /** The figures that it speaks of, their units in their names: `speedup`, `testDropPp`; shares are 0-1. */
  values: z.record(z.string(), z.number()),
});

export type Statement = Readonly<z.infer<typeof statementSchema>>;
export type Tone = Statement["tone"];

/** A tone where there are no colours, and where they aren't to be the only sign; and read aloud. */
export const tones: Readonly<Record<Tone, { readonly sign: string; readonly word: string }>> = {
  good: { sign: "✓", word: "Good" },
  plain: { sign: "·", word: "Note" },
  warn: { sign: "!", word: "Beware" },
  bad: { sign: "✗", word: "Bad" },
};

/** What the plan misses of the use case; nothing where it meets it, or nothing is wanted. */
export function missesIn(statements: readonly Statement[]): Statement[] {
  return statements.filter(({ id, tone }) => id === "useCase" && tone === "bad");
}

/** A statement as a line of text, its sign first. */
export function statementLine({ tone, text }: Statement): string {
  return `${tones[tone].sign} ${text}`;
}

const fromWorst: readonly Tone[] = ["bad", "warn", "good", "plain"];

/** Of several the tone that a person has to know; good only if nothing speaks against it. */
export function worstTone(statements: readonly Statement[]): Tone {
  return fromWorst.find((tone) => statements.some((statement) => statement.tone === tone)) ?? "plain";
}
