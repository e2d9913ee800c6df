import type { FrontFile } from "./front-file.ts";

/**
 * A front without the plans that go through further networks, for whoever shows the backbone alone.
 * @returns undefined if the recommended plan is one of them, or the one that would be without its guarantee: what is left was
 *   not recommended by anybody
 */
export function backboneFront(front: FrontFile): FrontFile | undefined {
  const { recommended, guarantee, searches, schemes } = front;
  if (recommended.chain || guarantee?.plain.chain) return undefined;
  return {
    ...front,
    searches: searches.map((search) => ({ ...search, front: search.front.filter(({ chain }) => !chain) })),
    schemes: schemes.map((scheme) => ({ ...scheme, plans: scheme.plans.filter(({ chain }) => !chain) })),
  };
}
