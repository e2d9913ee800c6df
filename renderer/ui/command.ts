/** Something that a person can do from the palette, a menu or the keyboard. */
export interface Command {
  /** Menus name commands by it: `file.open`. */
  readonly id: string;
  readonly title: string;
  /** Heading in the palette and in the list of shortcuts. */
  readonly group: "File" | "Edit" | "Graph" | "Plans" | "Stages" | "Search" | "View" | "Help";
  /** Keys such as `Mod+Shift+S` or `?`; Mod is Ctrl, on macOS Command. */
  readonly keys?: string;
  /** Whether it makes sense now; always if absent. */
  enabled?(): boolean;
  run(): void;
}
