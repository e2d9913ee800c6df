import { jsx as element, jsxs as elementOfMany, Fragment, type JSX } from "react/jsx-runtime";
import { plainLines } from "../../shared/base/plain-text.ts";

/**
 * The window's JSX is React's, but for one thing: text that it puts on the page is made plain. Names out of models, data sets
 * and paths stay exact in the state and can't hide, turn or forge what stands beside them, wherever they are shown.
 * `tsconfig.json` and `build.mjs` name it as the source of JSX.
 */
export { Fragment, type JSX };

type Props = Readonly<Record<string, unknown>>;

export function jsx(type: Parameters<typeof element>[0], props: Props, key?: string): JSX.Element {
  return element(type, plainProps(props), key);
}

export function jsxs(type: Parameters<typeof elementOfMany>[0], props: Props, key?: string): JSX.Element {
  return elementOfMany(type, plainProps(props), key);
}

/** What is read or heard of an element; values and keys stay exact. */
const spoken = [
  "children",
  "title",
  "alt",
  "placeholder",
  "aria-label",
  "aria-description",
  "aria-valuetext",
];

function plainProps(props: Props): Props {
  const changed = spoken.filter((name) => name in props && plainContent(props[name]) !== props[name]);
  if (changed.length === 0) return props;
  return { ...props, ...Object.fromEntries(changed.map((name) => [name, plainContent(props[name])])) };
}

function plainContent(content: unknown): unknown {
  if (typeof content === "string") return plainLines(content);
  if (!Array.isArray(content)) return content;
  const plain = content.map(plainContent);
  return plain.some((part, index) => part !== content[index]) ? plain : content;
}
