import { z } from "zod";

/** A finding that people read: `code` for programs, `text` a sentence. */
export const warningSchema = z.object({ code: z.string(), text: z.string() });
export type Warning = Readonly<z.infer<typeof warningSchema>>;
