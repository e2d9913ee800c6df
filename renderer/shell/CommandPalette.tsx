import { defaultFilter, Command as Palette } from "cmdk";
import { useEffect, useMemo, useState } from "react";
import { commandOf, commandTitle, windowCommandIds } from "../../shared/ipc/commands.ts";
import { canRun, runCommand } from "../state/commands.ts";
import { type Control, type ControlMatch, matchControls } from "../state/controls.ts";
import { showPalette, useView } from "../state/view-store.ts";
import { commandKeys } from "../ui/keys.ts";
import { returnToPane } from "../ui/pane-focus.ts";
import styles from "./CommandPalette.module.css";
import { windowControls } from "./controls.ts";

/** Every command and every control by name, and values for these: "drop 0.3" (Ctrl+K). */
export function CommandPalette() {
  const open = useView(({ paletteOpen }) => paletteOpen);
  useEffect(() => {
    if (!open) requestAnimationFrame(returnToPane);
  }, [open]);
  return (
    <Palette.Dialog
      open={open}
      onOpenChange={(isOpen) => !isOpen && close()}
      label="Command palette"
      className={styles.palette}
      overlayClassName={styles.overlay}
      contentClassName={styles.content}
      filter={rank}
    >
      <Entries />
    </Palette.Dialog>
  );
}

/** Those that the query names as controls are found by our own rule, below the commands. */
const controlValue = "control:";

function rank(value: string, search: string): number {
  return value.startsWith(controlValue) ? 0.001 : defaultFilter(value, search);
}

function close(): void {
  showPalette(false);
}

/** Closes the palette, then does it, after the palette has given the focus back: a dialog may take it. */
function act(run: () => void): void {
  close();
  requestAnimationFrame(run);
}

/** Made when the palette opens, so that what is possible then is offered. */
function Entries() {
  const [query, setQuery] = useState("");
  const [controls] = useState(windowControls);
  const matches = useMemo(() => matchControls(query, controls), [query, controls]);
  const values = matches.filter(({ typed }) => typed);
  const named: readonly ControlMatch[] =
    query.trim() === "" ? controls.map((control) => ({ control })) : matches;
  return (
    <>
      <Palette.Input
        placeholder="A command, or a control with its value: drop 0.3"
        className={styles.input}
        aria-label="Command"
        value={query}
        onValueChange={setQuery}
      />
      <Palette.List className={styles.list}>
        {values.length === 0 && (
          <Palette.Empty className={styles.none}>No command and no control of that name.</Palette.Empty>
        )}
        {values.length > 0 && (
          <Palette.Group heading="Set" forceMount>
            {values.map((match) => (
              <ValueItem key={`${idOf(match.control)} ${wordsOf(match)}`} match={match} />
            ))}
          </Palette.Group>
        )}
        <Commands isSearched={query.trim() !== ""} />
        <Palette.Group heading="Go to">
          {named
            .filter(({ typed }) => !typed)
            .map(({ control }) => (
              <ControlItem key={idOf(control)} control={control} />
            ))}
        </Palette.Group>
      </Palette.List>
    </>
  );
}

/** By what they are about; once something is looked for, the best comes first whatever it is about. */
function Commands({ isSearched }: { readonly isSearched: boolean }) {
  const available = windowCommandIds.filter((id) => commandOf(id).palette !== false && canRun(id));
  if (isSearched) return <CommandGroup heading="Commands" ids={available} />;
  const groups = [...new Set(available.map((id) => commandOf(id).group))];
  return groups.map((group) => (
    <CommandGroup key={group} heading={group} ids={available.filter((id) => commandOf(id).group === group)} />
  ));
}

interface CommandGroupProps {
  readonly heading: string;
  readonly ids: readonly (typeof windowCommandIds)[number][];
}

function CommandGroup({ heading, ids }: CommandGroupProps) {
  return (
    <Palette.Group heading={heading}>
      {ids.map((id) => (
        <Palette.Item
          key={id}
          value={`${commandOf(id).group} ${commandTitle(id)}`}
          onSelect={() => act(() => runCommand(id))}
        >
          <span>{commandTitle(id)}</span>
          {commandKeys(id) && <kbd>{commandKeys(id)}</kbd>}
        </Palette.Item>
      ))}
    </Palette.Group>
  );
}

function ControlItem({ control }: { readonly control: Control }) {
  return (
    <Palette.Item value={`${controlValue}${idOf(control)}`} onSelect={() => act(control.show)}>
      <Name control={control} />
      <span className={styles.value}>{control.shown}</span>
    </Palette.Item>
  );
}

/** A value that would be taken over, or what was expected instead. */
function ValueItem({ match }: { readonly match: ControlMatch }) {
  const { control, typed } = match;
  if (!typed) return null;
  return (
    <Palette.Item
      forceMount
      disabled={!typed.ok}
      value={`${controlValue}${idOf(control)} ${wordsOf(match)}`}
      onSelect={() => typed.ok && act(typed.take)}
    >
      <Name control={control} />
      <span className={typed.ok ? styles.typed : styles.value}>{wordsOf(match)}</span>
      {typed.ok && <kbd>now {control.shown}</kbd>}
    </Palette.Item>
  );
}

function Name({ control: { group, title } }: { readonly control: Control }) {
  return (
    <span className={styles.name}>
      <span className={styles.group}>{group}</span>
      {title}
    </span>
  );
}

function idOf({ group, title, words = "" }: Control): string {
  return `${group} ${title} ${words}`;
}

function wordsOf({ typed }: ControlMatch): string {
  if (!typed) return "";
  return typed.ok ? typed.shown : `expected ${typed.expected}`;
}
