/** What a file or folder is for that was dropped on the window. */
export type DroppedKind = "project" | "model" | "profile" | "counts" | "classes" | "data";

export interface Dropped {
  readonly path: string;
  readonly kind: DroppedKind;
  /** Of a file; of a folder whatever the system says. */
  readonly bytes: number;
}

/** Files that were dropped together, by what they are for. */
export interface SortedDrop {
  readonly project?: string;
  /** The largest first: what others are compared with. */
  readonly models: readonly string[];
  readonly data?: string;
  /** A list of the model's classes. */
  readonly classes?: string;
  readonly profiles: readonly string[];
  /** What was counted of a plan in the field. */
  readonly counts?: string;
  /** What isn't taken, and why, a sentence each. */
  readonly left: readonly string[];
}

/**
 * Tells what a file or folder is for by its name, and a JSON file's by how it begins; what has no name that is known is a data set,
 * which the engine looks into.
 * @param beginning of a JSON file's text
 */
export function droppedKind(name: string, beginning: string): DroppedKind {
  const extension = /\.[^.]+$/.exec(name.toLowerCase())?.[0];
  switch (extension) {
    case ".offramp":
      return "project";
    case ".onnx":
      return "model";
    case ".json":
      return jsonKinds.find(({ mark }) => mark.test(beginning))?.kind ?? "classes";
    case ".txt":
      return "classes";
    default:
      return "data";
  }
}

const jsonKinds = [
  { kind: "profile", mark: /"format"\s*:\s*"offramp-profile"/ },
  { kind: "counts", mark: /"format"\s*:\s*"offramp-field-counts"/ },
] as const;

export function sortDropped(dropped: readonly Dropped[]): SortedDrop {
  const of = (wanted: DroppedKind) => dropped.filter(({ kind }) => kind === wanted);
  const paths = (files: readonly Dropped[]) => files.map(({ path }) => path);
  const [project, ...projects] = paths(of("project"));
  const [data, ...sets] = paths(of("data"));
  const [classes, ...lists] = paths(of("classes"));
  const [counts, ...furtherCounts] = paths(of("counts"));
  return {
    project,
    models: paths(of("model").toSorted((a, b) => b.bytes - a.bytes)),
    data,
    classes,
    profiles: paths(of("profile")),
    counts,
    left: [
      ...projects.map((path) => `One project is open at a time, so ${path} is not opened.`),
      ...(sets.length > 0
        ? [`Of several data sets ${data} is taken. Files of one data set are dropped as their folder.`]
        : []),
      ...lists.map((path) => `A data set has one list of classes, so ${path} is not taken.`),
      ...furtherCounts.map((path) => `One plan's field counts are looked at, so ${path} is not taken.`),
    ],
  };
}

/**
 * What a drop will do, a line for each kind of file that it may be: while they are dragged, files tell no more than their types.
 * @param types media types of what is dragged; empty for folders and for what the system doesn't know
 * @param project name of the open one, if any
 */
export function dropLines(types: readonly string[], project: string | null): string[] {
  const lines = project === null ? linesWithoutProject : linesOf(project);
  const isText = (type: string) => type === "application/json" || type === "text/plain";
  const isTable = (type: string) => type.startsWith("text/") || type.startsWith("image/");
  const isUnknown = types.some((type) => !isText(type) && !isTable(type)) || types.length === 0;
  return [
    ...(isUnknown ? [lines.model] : []),
    ...(isUnknown || types.some((type) => isTable(type) && !isText(type)) ? [lines.data] : []),
    ...(types.some(isText) ? [lines.profile] : []),
  ];
}

const linesWithoutProject = {
  model: "A model or a project is opened.",
  data: "A data set, as a folder or a file, waits for the model that is opened next.",
  profile: "A profile or a list of classes waits for the model that is opened next.",
};

function linesOf(project: string): typeof linesWithoutProject {
  return {
    model: `A model joins ${project} or is opened in its place, as you say; a project is opened.`,
    data: `A data set, as a folder or a file, becomes the data of ${project}.`,
    profile:
      "A profile is imported; a list of classes says the order of the model's; field counts are compared with calibration.",
  };
}
