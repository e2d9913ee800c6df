import { z } from "zod";
import { listNames } from "../base/plain-name.ts";

/** Where the order of the classes comes from, which is that of the model's scores. */
export const classOrderSchema = z.object({
  source: z.enum([
    "--classes", // the person gave a list
    "file", // a list that lies beside the data
    "metadata", // names that the model carries
    "stored", // the project's, which its heads were trained with
    "code points", // folders sorted by name, as torchvision and Keras sort them
    "labels", // the data set numbers its classes itself
  ]),
  /** The file or the key that holds the list; empty where there is none. */
  detail: z.string(),
});

export type ClassOrder = Readonly<z.infer<typeof classOrderSchema>>;

/** Which order of the classes was taken, and why, as one sentence: "classes …: cat, dog, emu". */
export function describeClassOrder({ source, detail }: ClassOrder, classNames: readonly string[]): string {
  return `classes ${reason(source, detail)}: ${listNames(classNames)}`;
}

function reason(source: ClassOrder["source"], detail: string): string {
  switch (source) {
    case "--classes":
      return `in the order of ${detail}`;
    case "file":
      return `in the order of ${detail}, which lies beside the data`;
    case "metadata":
      return `in the order of the model's metadata (${detail})`;
    case "stored":
      return "in the order that the project was made with";
    case "code points":
      return "sorted by name, as torchvision and Keras sort folders";
    case "labels":
      return `numbered as the data's labels are${detail === "" ? "" : `, named by ${detail}`}`;
  }
}
