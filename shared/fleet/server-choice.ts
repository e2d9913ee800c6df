import { z } from "zod";

/** Longer than any address or token that a server gives out. */
const maxText = 4096;

/**
 * The fleet's server as the person names it in the window. What isn't named comes from the environment and the settings file,
 * as for the command line.
 */
export const serverChoiceSchema = z.strictObject({
  /** `nats://host:4222`, or `tls://…`. */
  server: z.string().max(maxText).nullable().default(null),
  token: z.string().max(maxText).nullable().default(null),
  /** File of a user's JWT and seed. */
  creds: z.string().max(32_767).nullable().default(null),
});

export type ServerChoice = Readonly<z.infer<typeof serverChoiceSchema>>;

export const noServerChosen: ServerChoice = { server: null, token: null, creds: null };

/** Files that a choice names. */
export function filesOfChoice({ creds }: ServerChoice): readonly string[] {
  return creds === null ? [] : [creds];
}
