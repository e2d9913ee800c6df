import type { CommandsOf, WindowCommandId } from "../../shared/ipc/commands.ts";

/** What a command does; title, keys and places are in the table that window and menu share. */
export interface CommandHandler {
  /** Whether it makes sense now; always if absent. */
  enabled?(): boolean;
  run(): void;
}

/** A handler for each of the commands whose ids begin so. */
export type HandlersOf<Prefix extends string> = Readonly<Record<CommandsOf<Prefix>, CommandHandler>>;
export type CommandHandlers = Readonly<Record<WindowCommandId, CommandHandler>>;

let handlers: CommandHandlers | undefined;

/** Joins what features ask for with what does it, so that none has to know another; called once at start. */
export function handleCommands(all: CommandHandlers): void {
  handlers = all;
}

export function canRun(id: WindowCommandId): boolean {
  return handlers !== undefined && (handlers[id].enabled?.() ?? true);
}

/** Does nothing where the command makes no sense now. */
export function runCommand(id: WindowCommandId): void {
  if (canRun(id)) handlers?.[id].run();
}
