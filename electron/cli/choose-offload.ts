import type { Link } from "../../shared/model/link.ts";
import { offloadTo, type Project, readProfile } from "../engine/index.ts";

/**
 * A server that a project's plans may go on on, as `offloadOptions` names it; undefined if it names none.
 * @throws AppError as `readProfile` and `offloadTo` do
 */
export async function chooseOffload(
  project: Project,
  second: { readonly server: string; readonly link: Link } | undefined,
) {
  return second && offloadTo(project, await readProfile(second.server), second.link);
}
