import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const renderer = fileURLToPath(new URL("..", import.meta.url));
const read = (ending: RegExp) =>
  readdirSync(renderer, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => ({ path: resolve(renderer, name), text: readFileSync(resolve(renderer, name), "utf8") }));
const tokens = definitions(readFileSync(resolve(renderer, "ui/tokens.css"), "utf8"));
const sheets = read(/\.css$/)
  .filter(({ path }) => basename(path) !== "tokens.css")
  .map(({ path, text }) => ({ path, text: text.replace(/\/\*.*?\*\//gs, "") }));
const sources = read(/\.tsx?$/);
const shared = resolve(renderer, "../shared");
const values = [
  ...sources.map(({ text }) => text),
  ...readdirSync(shared, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(resolve(shared, name), "utf8")),
].join("\n");

/** Where a component says how large its own parts are and where they stand. */
const geometry =
  /^(--|(min-|max-)?(width|height)$|inset|top$|right$|bottom$|left$|flex|grid-template|columns$|contain-|transl|transform)/;
/** Properties whose numbers without a unit are sizes too. */
const unitless = /^(z-index|line-height|stroke-width|stroke-dasharray)$/;
const size = /[1-9]\d*(px|rem|pt|ms|s)\b/;
const colour =
  /#[\da-f]{3,8}\b|\b(rgb|hsl|lab|lch|oklab|oklch)a?\(|\b(white|black|gr[ae]y|red|green|blue|orange)\b/;

function definitions(text: string): Map<string, string> {
  return new Map([...text.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]));
}

function declarations(text: string): { property: string; value: string }[] {
  return [...text.matchAll(/([\w-]+):\s([^;{}]+);/g)].map(([, property, value]) => ({ property, value }));
}

function faultOf(property: string, value: string): boolean {
  const own = value.replace(/var\(--[\w-]+\)/g, "");
  if (colour.test(own)) return true;
  if (unitless.test(property)) return /[1-9]/.test(own);
  if (/^(min-)?height$/.test(property)) return controlHeights.has(value);
  return !geometry.test(property) && size.test(own);
}

/** What bars, rows and controls measure: no other height may happen to be the same. */
const controlHeights = new Set(
  [...tokens].filter(([name]) => name.endsWith("-height")).map(([, value]) => value),
);

it("takes colours and sizes from the tokens", () => {
  const faults = sheets.flatMap(({ path, text }) =>
    declarations(text)
      .filter(({ property, value }) => faultOf(property, value))
      .map(({ property, value }) => `${basename(path)}: ${property}: ${value}`),
  );
  expect(sheets.length).toBeGreaterThan(50);
  expect(faults).toEqual([]);
});

it("names only tokens that there are, and has no token that nothing names", () => {
  const used = new Set<string>();
  for (const { path, text } of [...sheets, { path: "tokens.css", text: [...tokens.values()].join(" ") }])
    for (const [, name] of text.matchAll(/var\((--(?!radix-|xy-)[\w-]+)\)/g)) {
      used.add(name);
      expect(tokens.has(name), `${basename(path)} uses ${name}`).toBe(true);
    }
  const drawn = readFileSync(resolve(renderer, "../shared/presentation/drawing/palette.ts"), "utf8");
  const inCode = [...sources.map(({ text }) => text), drawn].join("\n");
  const unused = [...tokens.keys()].filter((name) => !used.has(name) && !inCode.includes(name.slice(2)));
  expect(unused).toEqual([]);
});

it("defines the classes that components name, and no others", () => {
  const faults = sheets.filter(({ path }) => path.endsWith(".module.css")).flatMap(faultsOfModule);
  expect(faults).toEqual([]);
});

function faultsOfModule({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const selectors = text.replace(/\{[^{}]*\}/g, "{}").replace(/:global\([^)]*\)/g, "");
  const defined = new Set([...selectors.matchAll(/\.([A-Za-z][\w-]*)/g)].map(([, name]) => name));
  const named = new Set(composedFrom(path));
  const prefixes = new Set<string>();
  for (const { path: source, text: code } of sources)
    for (const [, styles, from] of code.matchAll(/import (\w+) from "([^"]+\.module\.css)"/g)) {
      if (resolve(dirname(source), from) !== path) continue;
      for (const [, name] of code.matchAll(new RegExp(`\\b${styles}\\.(\\w+)`, "g"))) named.add(name);
      for (const [, prefix] of code.matchAll(new RegExp(`\\b${styles}\\[(?:\`([\\w-]*))?`, "g")))
        prefixes.add(prefix ?? "");
    }
  return [
    ...[...named].filter((name) => !defined.has(name)).map((name) => `${basename(path)} lacks .${name}`),
    ...[...defined]
      .filter((name) => !named.has(name) && !isChosenByValue(name, prefixes))
      .map((name) => `${basename(path)}: .${name} is dead`),
  ];
}

/** Whether code gives what follows a prefix as the value of something, such as a state, by which the class is chosen. */
function isChosenByValue(name: string, prefixes: ReadonlySet<string>): boolean {
  return [...prefixes].some(
    (prefix) => name.startsWith(prefix) && values.includes(`"${name.slice(prefix.length)}"`),
  );
}

/** The classes of a sheet that it or others compose. */
function composedFrom(path: string): string[] {
  return sheets.flatMap((sheet) =>
    [...sheet.text.matchAll(/composes: ([\w -]+?)(?: from "([^"]+)")?;/g)]
      .filter(([, , from]) => resolve(dirname(sheet.path), from ?? basename(sheet.path)) === path)
      .flatMap(([, names]) => names.split(" ")),
  );
}
