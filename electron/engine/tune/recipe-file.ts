import { join } from "node:path";
import { z } from "zod";
import { AppError } from "../../../shared/base/errors.ts";
import { readRegularFile } from "../../disk/regular-file.ts";
import { jsonExcess } from "../base/bounded-json.ts";

/** What a training was written from, by content: whoever takes its results, or goes on with it, has to have the same. */
const madeSchema = z.object({
  /** SHA-256 of the network. */
  network: z.string(),
  exits: z.array(z.object({ cutPoint: z.string(), head: z.string(), key: z.string() })),
  /** Hash of all that its images depend on. */
  data: z.string(),
  /** The most images that are learnt from; absent where that is all of them. */
  trainLimit: z.number().int().positive().optional(),
  /** SHA-256 of the network that is learnt from, where that is another one. */
  teacher: z.string().optional(),
});

/** `recipe.json`, as far as we read it again; train.py reads the rest. */
const recipeSchema = z.looseObject({ epochs: z.number().int().nonnegative(), made: madeSchema });

export type Made = Readonly<z.infer<typeof madeSchema>>;
export type Recipe = Readonly<z.infer<typeof recipeSchema>>;

export const recipeFile = "recipe.json";

/** A recipe names a place for every exit, of which a network has hundreds at most. */
const limits = { bytes: 4e6, values: 100_000, depth: 8 };

/** @throws AppError 'file-not-found', 'file-invalid' if it is none of ours */
export async function readRecipe(folder: string): Promise<Recipe> {
  const path = join(folder, recipeFile);
  const bytes = await readRegularFile(path, { maxBytes: limits.bytes }).catch((cause) => {
    throw noRecipe(cause, folder);
  });
  const excess = jsonExcess(bytes, limits);
  try {
    if (excess !== undefined) throw new Error(excess);
    return recipeSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new AppError(
      "file-invalid",
      `${path} is no recipe of a training as Offramp writes it; give the folder that it wrote`,
      { path },
      { cause },
    );
  }
}

function noRecipe(cause: unknown, folder: string): unknown {
  if (!(cause instanceof AppError) || cause.code !== "file-not-found") return cause;
  const text = `${folder} holds no training: it has no ${recipeFile}; give the folder that Offramp wrote`;
  return new AppError("file-not-found", text, { path: folder }, { cause });
}

/** What tells a training from another one, in words. @returns nothing if they are the same */
export function recipeDifferences(found: Recipe, wanted: Recipe): string[] {
  const { made: own, outputs: _named, accuracyOnNewImages: _known, ...options } = wanted;
  const { made: other, outputs: _others, accuracyOnNewImages: _then, ...others } = found;
  const parts = [
    ["network", own.network, other.network],
    ["exits", own.exits, other.exits],
    ["images", own.data, other.data],
    ["teacher", own.teacher, other.teacher],
    ...Object.keys({ ...options, ...others }).map(
      (key) => [inWords(key), options[key], others[key]] as const,
    ),
  ] as const;
  return parts.flatMap(([name, one, another]) =>
    JSON.stringify(one) === JSON.stringify(another) ? [] : [name],
  );
}

/** "learningRate" as people say it. */
function inWords(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
