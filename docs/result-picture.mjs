// Makes docs/result.svg, the picture in the README, out of a run's report: node docs/result-picture.mjs FOLDER
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const folder = process.argv[2] ?? "offramp-demo";
const page = await readFile(join(folder, "report.html"), "utf8");
const style = /<style>([\s\S]*?)<\/style>/.exec(page)[1];
const section = page.slice(page.indexOf("Accuracy against latency</h2>"));
const { width, height, chart } =
  /<svg viewBox="0 0 (?<width>\d+) (?<height>\d+)"[^>]*>(?<chart>[\s\S]*?)<\/svg>/.exec(section).groups;
const legend = [
  ...section
    .slice(0, section.indexOf("</table>"))
    .matchAll(/<td><svg[^>]*>([\s\S]*?)<\/svg><\/td><th>(.*?)<\/th><td>(.*?)<\/td>/g),
].map(
  ([, mark, title, text], index) =>
    `<g transform="translate(0,${index * 24})">${mark}<text class="label" x="16" y="4"><tspan font-weight="600">${title}</tspan> ${text}</text></g>`,
);
const left = 16;
const legendWidth = 330;
const [full, tall] = [Number(width) + legendWidth + left, Number(height) + 16];
await writeFile(
  new URL("result.svg", import.meta.url),
  `<svg xmlns="http://www.w3.org/2000/svg" width="${full}" height="${tall}" viewBox="${-left} -8 ${full} ${tall}" style="font-family: system-ui, sans-serif"><title>Accuracy against latency of the plans found for the sample</title><style>${style}</style>
<rect x="${-left}" y="-8" width="${full}" height="${tall}" style="fill: var(--surface)"/>
${chart}
<g transform="translate(${Number(width) + 16},52)">${legend.join("\n")}</g>
</svg>
`,
);
