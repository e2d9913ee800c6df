// The floors of the house: which folder may import which. `layers.test.ts` holds the imports to them, and
// `npm run layers` draws docs/layers.svg from the imports.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Rooms from the ground up, per folder; `.` is the files in the folder itself. A room imports what stands before it. */
const floors = {
  "": "shared electron renderer",
  shared:
    "base model pareto space evaluate memory search guarantee chains offload cross-fit schemes sdf files field fleet presentation ipc",
  "shared/evaluate": ". live reference kernel",
  "shared/search": "engine designs random annealing nsga2 local exact .",
  "shared/presentation": "words drawing graph plans chart exits verdict progress fleet robustness",
  electron: "runtime disk engine cli main .",
  "electron/engine":
    "base onnx policies nn dataset jobs samples quantise heads train tune calibrate export profile verify project check search report stages fleet process .",
  "electron/engine/onnx": "gen . probe import",
  "electron/engine/onnx/import": "analysis reading rewrite .",
  "electron/engine/tune": "network .",
  "electron/engine/tune/network": "graph layers python operators .",
  "electron/engine/fleet": "kinds server client worker .",
  "electron/engine/dataset": "images corruptions files . classes arrays splits formats open",
  renderer: "ui state graph chart plans inspector stages export welcome shell .",
  "renderer/inspector": "pieces field plan block classes exit .",
};

/** Rooms that stand beside each other: none imports another. */
const beside = [
  ["electron", "renderer"],
  ["electron/engine", "electron/main"],
  ["electron/cli", "electron/main"],
  ["graph", "chart", "plans", "inspector", "stages", "export", "welcome"].map((room) => `renderer/${room}`),
];

/** Of these only one file is open to the others. */
const doors = { "electron/engine": { "electron/cli": "electron/engine/index.ts" } };

/** Packages that only some files may import. */
const packages = {
  "onnxruntime-node": ["electron/engine/onnx/runtime.ts"],
  electron: ["electron/main/", "electron/preload.ts", "electron/runtime/"],
  "@nats-io": ["electron/engine/fleet/server/"],
  react: ["renderer/"],
};

const importing =
  /(?:\bfrom\s+|\bimport\s*\(\s*|^import\s+|\brequire\(\s*|\bnew URL\(\s*)["']([^"'\n]+)["']/gm;

/**
 * What imports what, types too. Tests and their fixtures are left out: they may look anywhere.
 * @returns {Map<string, string[]>} per file of shared, electron and renderer the files and packages that it imports
 */
export function readImports() {
  const files = ["shared", "electron", "renderer"].flatMap((area) =>
    readdirSync(join(root, area), { recursive: true, encoding: "utf8" })
      .map((name) => `${area}/${name.split(sep).join("/")}`)
      .filter((file) => /\.(ts|tsx|mjs|cjs)$/.test(file) && !/\.test\.ts$|\/testing\//.test(file)),
  );
  const known = new Set(files);
  return new Map(
    files.map((file) => {
      const named = [...readFileSync(join(root, file), "utf8").matchAll(importing)].map(([, name]) =>
        name.startsWith(".") ? posix.join(posix.dirname(file), name) : name,
      );
      return [file, [...new Set(named)].filter((name) => known.has(name) || !name.includes(".ts"))];
    }),
  );
}

/**
 * The imports that break a rule, a line each.
 * @param {Map<string, string[]>} imports
 * @returns {string[]}
 */
export function brokenRules(imports) {
  return [...imports].flatMap(([file, targets]) =>
    targets.flatMap((target) => {
      const rule = imports.has(target) ? brokenFloor(file, target) : brokenPackage(file, target);
      return rule ? [`${file} imports ${target}: ${rule}`] : [];
    }),
  );
}

/**
 * @param {string} file
 * @param {string} target
 */
function brokenFloor(file, target) {
  for (const [folder, rooms] of Object.entries(floors)) {
    const [from, to] = [file, target].map((path) => roomIn(folder, path));
    if (from === undefined || to === undefined || from === to) continue;
    const order = rooms.split(" ");
    for (const room of [from, to])
      if (!order.includes(room)) return `${folder}/${room} is on no floor, see docs/layers.mjs`;
    if (order.indexOf(to) > order.indexOf(from)) return `${folder}/${to} stands above ${folder}/${from}`;
  }
  const [from, to] = [file, target].map((path) => (room) => path.startsWith(`${room}/`) || path === room);
  for (const rooms of beside) {
    const [mine, theirs] = [rooms.find(from), rooms.find(to)];
    if (mine && theirs && mine !== theirs) return `${mine} and ${theirs} don't know each other`;
  }
  for (const [house, open] of Object.entries(doors))
    for (const [guest, door] of Object.entries(open))
      if (from(guest) && to(house) && target !== door) return `${guest} enters ${house} by ${door} alone`;
  return undefined;
}

/**
 * @param {string} file
 * @param {string} name
 */
function brokenPackage(file, name) {
  const owners = packages[name.split("/")[0]];
  if (!owners || owners.some((owner) => file.startsWith(owner))) return undefined;
  return `only ${owners.join(" and ")} may`;
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {string | undefined} the room of the folder in which the path lies
 */
function roomIn(folder, path) {
  const inside =
    folder === "" ? path : path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  return inside?.includes("/") ? inside.slice(0, inside.indexOf("/")) : inside && ".";
}

/**
 * Files that import each other in a circle (Tarjan's strongly connected components of more than one).
 * @param {Map<string, string[]>} imports
 * @returns {string[][]}
 * @see Tarjan 1972, doi:10.1137/0201010
 */
export function circles(imports) {
  /** @type {Map<string, {index: number, low: number, open: boolean}>} */
  const seen = new Map();
  /** @type {string[]} */
  const path = [];
  /** @type {string[][]} */
  const found = [];
  const visit = (file) => {
    const mine = { index: seen.size, low: seen.size, open: true };
    seen.set(file, mine);
    path.push(file);
    for (const target of imports.get(file) ?? []) {
      if (!imports.has(target)) continue;
      const other = seen.get(target) ?? visit(target);
      if (other.open) mine.low = Math.min(mine.low, other.low);
    }
    if (mine.low === mine.index) {
      const members = path.splice(path.indexOf(file));
      for (const member of members) seen.get(member).open = false;
      if (members.length > 1) found.push(members.sort());
    }
    return mine;
  };
  for (const file of imports.keys()) if (!seen.has(file)) visit(file);
  return found;
}

const [boxWidth, boxHeight, pitch, arcRoom] = [150, 24, 32, 96];

/**
 * The floors as a picture: a column per house, its rooms from the top floor down, and an arc for each pair of rooms of
 * which the upper imports the lower; an import upwards would be a red arc on the other side.
 * @param {Map<string, string[]>} imports
 * @returns {string} SVG
 */
export function drawLayers(imports) {
  const houses = [
    { folder: "renderer", title: "renderer/ (window)", x: arcRoom },
    { folder: "electron", title: "electron/", x: 2 * arcRoom + boxWidth + 20 },
    { folder: "electron/engine", title: "electron/engine/", x: 3 * arcRoom + 2 * boxWidth + 40 },
    { folder: "shared", title: "shared/ (pure)", x: 4 * arcRoom + 3 * boxWidth + 60 },
  ];
  const height = 80 + pitch * Math.max(...houses.map(({ folder }) => roomsOf(folder).length));
  const columns = houses.map((house) => drawHouse(house, imports, height - 16));
  const width = houses.at(-1).x + boxWidth + 24;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13">
<title>The floors: every arc is an import from the room above to the room below</title>
<style>
  :root { --ink: #1c2430; --soft: #5b6675; --paper: #ffffff; --line: #9aa5b4; --box: #eef2f7; }
  @media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #a3adba; --paper: #14181f; --line: #566273; --box: #232a35; } }
  text { fill: var(--ink) } .title { font-weight: 600 } .soft { fill: var(--soft); font-size: 11px }
  rect.paper { fill: var(--paper) } rect.box { fill: var(--box); stroke: var(--line) }
  path { fill: none; stroke: var(--line); stroke-width: 1.2 } path.up { stroke: #d33; stroke-width: 2 }
</style>
<rect class="paper" width="${width}" height="${height}"/>
${columns.join("\n")}
</svg>
`;
}

/** @param {string} folder */
function roomsOf(folder) {
  return floors[folder].split(" ");
}

/**
 * @param {{folder: string, title: string, x: number}} house
 * @param {Map<string, string[]>} imports
 * @param {number} ground y of the lowest box's lower edge
 */
function drawHouse({ folder, title, x }, imports, ground) {
  const rooms = roomsOf(folder);
  const top = (room) => ground - boxHeight - pitch * rooms.indexOf(room);
  const pairs = new Set();
  for (const [file, targets] of imports)
    for (const target of targets) {
      const [from, to] = [roomIn(folder, file), roomIn(folder, target)];
      if (from !== to && rooms.includes(from) && rooms.includes(to)) pairs.add(`${from} ${to}`);
    }
  const arcs = [...pairs].sort().map((pair) => {
    const [from, to] = pair.split(" ");
    const isUp = rooms.indexOf(to) > rooms.indexOf(from);
    const edge = isUp ? x + boxWidth : x;
    const reach = (Math.abs(top(from) - top(to)) / (rooms.length * pitch)) ** 0.6 * arcRoom * (isUp ? 1 : -1);
    const [y1, y2] = [top(from) + boxHeight / 2, top(to) + boxHeight / 2];
    return `<path${isUp ? ' class="up"' : ""} d="M${edge},${y1} C${(edge + reach).toFixed(1)},${y1} ${(edge + reach).toFixed(1)},${y2} ${edge},${y2}"/>`;
  });
  const boxes = rooms.map((room) => {
    const inner = floors[`${folder}/${room}`];
    const label = room === "." ? "its own files" : `${room}/`;
    return `<rect class="box" x="${x}" y="${top(room)}" width="${boxWidth}" height="${boxHeight}" rx="4"/><text x="${x + 8}" y="${top(room) + 16}">${label}</text>${
      inner
        ? `<text class="soft" x="${x + boxWidth - 8}" y="${top(room) + 16}" text-anchor="end">${inner.split(" ").length} floors</text>`
        : ""
    }`;
  });
  const sign = `<text class="title" x="${x}" y="${top(rooms.at(-1)) - 12}">${title}</text>`;
  return [...arcs, ...boxes, sign].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(root, "docs/layers.svg"), drawLayers(readImports()));
