import { AppError } from "../../../shared/base/errors.ts";
import type { SearchInputs } from "./search-inputs.ts";

/**
 * A search over several networks has to know what each of them takes, and knows one target.
 * @throws AppError 'usage' if there is a server, 'file-invalid' naming a network without latencies
 */
export function checkMembers({ members, untimed = [], offload }: SearchInputs): void {
  if (untimed.length > 0)
    throw new AppError(
      "file-invalid",
      `the profile has no latencies of ${untimed.join(", ")}, which the project holds beside its backbone; profile the project again`,
      { missing: "profile" },
    );
  if (offload && members && members.length > 0)
    throw new AppError(
      "usage",
      "plans that go through several networks are searched for one target only: leave out the server, or use a project of the backbone alone",
    );
}
