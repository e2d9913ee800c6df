import type { Command } from "../app/command.ts";

export const paretoCommands: readonly Command[] = [];
