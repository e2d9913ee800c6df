import type { Command } from "commander";
import { boundMessage } from "../../shared/base/plain-text.ts";

/** Makes commander's complaints, its commands' too, one line in the form of all our errors: what is wrong, and where help is. */
export function reportUsageInOneLine(command: Command): void {
  const name = fullName(command);
  command.configureOutput({
    outputError: (text, write) => write(`offramp: ${usageMessage(text)}; see \`${name} --help\`\n`),
  });
  for (const own of command.commands) reportUsageInOneLine(own);
}

/** `offramp fleet compare`. */
function fullName(command: Command): string {
  return command.parent ? `${fullName(command.parent)} ${command.name()}` : command.name();
}

/** An empty value, most often a shell variable that isn't set, means nowhere; to the system it means here. */
export function refuseEmptyValues(command: Command): void {
  for (const [name, value] of Object.entries(command.opts()))
    if (value === "") {
      const option = command.options.find((each) => each.attributeName() === name);
      command.error(`error: option '${option?.flags}' is given an empty value`);
    }
  const argument = command.args.indexOf("");
  if (argument >= 0)
    command.error(`error: argument '${command.registeredArguments[argument].name()}' is empty`);
}

/** "error: unknown option '--jsn'\n(Did you mean --json?)\n" as one line without the word and the full stop. */
export function usageMessage(text: string): string {
  return boundMessage(text.replace(/^error: /, "")).replace(/\.$/, "");
}
