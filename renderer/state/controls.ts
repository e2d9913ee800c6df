import type { SchemaField } from "../../shared/model/schema-fields.ts";
import type { Read } from "../ui/preprocess-text.ts";

/** What a typed text would do: the value in words, and taking it over; or what was expected instead. */
export type Typed =
  | { readonly ok: true; readonly shown: string; take(): void }
  | { readonly ok: false; readonly expected: string };

/** Something with a value that a person can change, wherever in the window it is. */
export interface Control {
  /** As the window labels it. */
  readonly title: string;
  /** Whose it is: "Use case", "Exit 2", "Search". */
  readonly group: string;
  /** Other words that people look for it by. */
  readonly words?: string;
  /** The value as it is. */
  readonly shown: string;
  /** What can be chosen, where that is a list. */
  readonly choices?: readonly string[];
  /** Absent where its value can't be typed now. */
  read?(text: string): Typed;
  /** Shows it, and puts the keyboard there. */
  show(): void;
}

type Place = Pick<Control, "title" | "group" | "words" | "show">;

interface NumberOptions {
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly whole?: boolean;
}

/** A number, with its unit or without. */
export function numberControl(
  place: Place,
  { unit = "", min, max, whole = false }: NumberOptions,
  value: number | undefined,
  set: (value: number) => void,
  clear?: () => void,
): Control {
  const inUnit = (number: number) => [number, unit].filter((part) => part !== "").join(" ");
  const read = (text: string): Typed => {
    if (clear && text.toLowerCase() === "none") return { ok: true, shown: "none", take: clear };
    const typed = text.endsWith(unit) ? text.slice(0, text.length - unit.length).trim() : text;
    const number = typed === "" ? Number.NaN : Number(typed);
    const fits = number >= (min ?? -Infinity) && number <= (max ?? Infinity);
    if (!fits || (whole && !Number.isInteger(number)))
      return { ok: false, expected: `${whole ? "a whole number" : "a number"}${rangeText(min, max, unit)}` };
    return { ok: true, shown: inUnit(number), take: () => set(number) };
  };
  return { ...place, shown: value === undefined ? "none" : inUnit(value), read };
}

function rangeText(min: number | undefined, max: number | undefined, unit: string): string {
  const ends = [min, max].filter((end) => end !== undefined && Number.isFinite(end));
  const tail = unit === "" ? "" : ` ${unit}`;
  if (ends.length === 2) return ` from ${min} to ${max}${tail}`;
  if (min !== undefined) return ` from ${min}${tail}`;
  return max !== undefined && ends.length === 1 ? ` up to ${max}${tail}` : tail && ` in${tail}`;
}

export interface ControlChoice {
  readonly value: string;
  readonly label: string;
}

/** One of a list; typed as the beginning of any of its words. */
export function choiceControl(
  place: Place,
  choices: readonly ControlChoice[],
  value: string,
  set: (value: string) => void,
): Control {
  const labels = choices.map(({ label }) => label);
  const read = (text: string): Typed => {
    const found =
      choices.find(({ label }) => label === text) ?? choices.find(({ label }) => holds(label, text));
    if (!found) return { ok: false, expected: labels.join(", ") };
    return { ok: true, shown: found.label, take: () => set(found.value) };
  };
  const shown = choices.find((choice) => choice.value === value)?.label ?? value;
  return { ...place, shown, choices: labels, read };
}

/** On or off. */
export function switchControl(place: Place, isOn: boolean, set: (isOn: boolean) => void): Control {
  const choices = [
    { value: "on", label: "on" },
    { value: "off", label: "off" },
  ];
  return choiceControl(place, choices, isOn ? "on" : "off", (value) => set(value === "on"));
}

/** A text that stands for a value. */
export function draftControl<Value>(
  place: Place,
  shown: string,
  read: (text: string) => Read<Value>,
  set: (value: Value) => void,
): Control {
  return {
    ...place,
    shown: shown === "" ? "none" : shown,
    read: (text) => {
      const outcome = read(text);
      return outcome.ok ? { ok: true, shown: text, take: () => set(outcome.value) } : outcome;
    },
  };
}

/** The controls of a form that is made of a schema. */
export function fieldControls(
  fields: readonly SchemaField[],
  values: Readonly<Record<string, unknown>>,
  place: Omit<Place, "title" | "show">,
  show: (title: string) => void,
  change: (key: string, value: unknown) => void,
): Control[] {
  return fields.map((field) => {
    const here = { ...place, title: field.label, show: () => show(field.label) };
    return fieldControl(field, here, values[field.key] ?? field.fallback, (value) =>
      change(field.key, value),
    );
  });
}

function fieldControl(
  { type, min, max, choices = [] }: SchemaField,
  place: Place,
  value: unknown,
  set: (value: unknown) => void,
): Control {
  switch (type) {
    case "boolean":
      return switchControl(place, Boolean(value), set);
    case "choice": {
      const labelled = choices.map((choice) => ({ value: choice, label: choice }));
      return choiceControl(place, labelled, String(value), set);
    }
    case "text":
      return draftControl(place, String(value ?? ""), (text) => ({ ok: true, value: text }), set);
    case "number":
    case "integer":
      return numberControl(place, { min, max, whole: type === "integer" }, value as number | undefined, set);
  }
}

/** What is typed names a control, and perhaps what its value is to be. */
export interface ControlMatch {
  readonly control: Control;
  readonly typed?: Typed;
}

/**
 * The controls that a query names by the beginnings of their words, with what stands behind these as a value: "drop 0.3",
 * "exit 2 policy entropy". A control that all of the query names comes without one; where a single one is named, and it's
 * of a list, there is a match for each choice. Values that can't be read are left out, unless they are numbers.
 */
export function matchControls(query: string, controls: readonly Control[]): ControlMatch[] {
  const tokens = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (tokens.length === 0) return [];
  const named = controls.filter((control) => isNamed(control, tokens));
  if (named.length === 1 && named[0].choices)
    return [
      { control: named[0] },
      ...named[0].choices.map((choice) => ({ control: named[0], typed: named[0].read?.(choice) })),
    ];
  const withValues = controls.flatMap((control) => valued(control, tokens) ?? []);
  return [...named.map((control) => ({ control })), ...withValues];
}

/** The longest name that the query begins with; what remains is the value. */
function valued(control: Control, tokens: readonly string[]): ControlMatch | undefined {
  for (let count = tokens.length - 1; count > 0 && control.read; count--) {
    if (!isNamed(control, tokens.slice(0, count))) continue;
    const rest = tokens.slice(count);
    const typed = control.read(rest.join(" "));
    if (typed.ok || (control.choices === undefined && /^[-+.\d]+$/.test(rest[0]) && rest.length === 1))
      return { control, typed };
  }
  return undefined;
}

function isNamed({ title, group, words = "" }: Control, tokens: readonly string[]): boolean {
  return tokens.every((token) => holds(`${group} ${title} ${words}`, token));
}

/** Whether a text begins so, or one of its words does. */
function holds(text: string, beginning: string): boolean {
  const [whole, wanted] = [text.toLowerCase(), beginning.toLowerCase()];
  const words = [whole, ...whole.split(/\s+/), ...whole.split(/[\s,·()/-]+/)];
  return words.some((word) => word.startsWith(wanted));
}
