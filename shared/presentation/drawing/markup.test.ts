import { expect, test } from "vitest";
import { html, renderHtml } from "./markup.ts";

const render = (fragment: ReturnType<typeof html>) => renderHtml(fragment);

test("escapes values, in text and in attributes, but not its own markup", () => {
  const name = `<script>alert("x")</script> & 'y'`;
  expect(render(html`<b title="${name}">${name}</b>`)).toBe(
    '<b title="&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;">' +
      "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</b>",
  );
});

test("nests fragments and lists, and leaves nothing of undefined", () => {
  const items = ["a", "<b>"].map((item) => html`<li>${item}</li>`);
  expect(render(html`<ul>${items}${undefined}</ul>`)).toBe("<ul><li>a</li><li>&lt;b&gt;</li></ul>");
});

test("prints coordinates to a hundredth", () => {
  expect(render(html`<path d="M${1 / 3},${-2}">`)).toBe('<path d="M0.33,-2">');
});

test("shows control characters and text reordering, and keeps to one line", () => {
  expect(render(html`${"a\u0000b\u202ec\nd"}`)).toBe("a␀b\\u202ec d");
});
