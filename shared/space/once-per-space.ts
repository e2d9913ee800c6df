import type { SearchSpace } from "./search-space.ts";

/** What is made of a space, made once for each as long as the space is in use. */
export function oncePerSpace<Made>(make: (space: SearchSpace) => Made): (space: SearchSpace) => Made {
  const made = new WeakMap<SearchSpace, { readonly result: Made }>();
  return (space) => {
    const known = made.get(space) ?? { result: make(space) };
    made.set(space, known);
    return known.result;
  };
}
