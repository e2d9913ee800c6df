import { renderToStaticMarkup } from "react-dom/server";
import { expect, it } from "vitest";
import { Fragment, jsx, jsxs } from "./jsx-runtime.ts";

const hostile = "a\u202eb\u001b\u0007";
const shown = "a\\u202eb␛␇";

it("text on the page is plain, in attributes that are read too", () => {
  const input = jsx("input", { "aria-label": hostile, placeholder: hostile, title: hostile, readOnly: true });
  const list = jsxs(Fragment, {
    children: [hostile, 1, null, [hostile], jsx("b", { children: hostile }, "key")],
  });
  expect(renderToStaticMarkup(input)).toBe(
    `<input aria-label="${shown}" placeholder="${shown}" title="${shown}" readOnly=""/>`,
  );
  expect(renderToStaticMarkup(list)).toBe(`${shown}1${shown}<b>${shown}</b>`);
});

it("values stay exact, lines stay lines, and what is plain already stays the same object", () => {
  expect(renderToStaticMarkup(jsx("option", { value: "\u202e", children: "x\ny" }))).toBe(
    '<option value="\u202e">x\ny</option>',
  );
  const children = ["plain", 7];
  const { props } = jsxs("p", { children, id: "p" }) as { props: { children: unknown } };
  expect(props.children).toBe(children);
});

it("a component gets its texts plain and its own properties exact", () => {
  const seen: unknown[] = [];
  const Part = (props: { name: string; children: string }) => {
    seen.push(props);
    return null;
  };
  renderToStaticMarkup(jsx(Part as never, { name: hostile, children: hostile }));
  expect(seen).toEqual([{ name: hostile, children: shown }]);
});

it("a text without end is cut", () => {
  expect(renderToStaticMarkup(jsx("p", { children: "n".repeat(1_000_000) }))).toHaveLength(
    5000 + "<p></p>".length,
  );
});
