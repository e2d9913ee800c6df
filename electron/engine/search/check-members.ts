import { AppError } from "../../../shared/base/errors.ts";
import type { SearchInputs } from "./search-inputs.ts";

/**
 * A search over several networks has to know what each of them takes, on the server too if there is one.
 * @throws AppError 'file-invalid' naming the networks without latencies
 */
export function checkMembers({ members = [], untimed = [], offload }: SearchInputs): void {
  if (untimed.length > 0)
    throw new AppError(
      "file-invalid",
      `the profile has no latencies of ${untimed.join(", ")}, which the project holds beside its backbone; profile the project again`,
      { missing: "profile" },
    );
  const unknown = (offload?.members ?? []).filter(
    ({ sha256, latencies }) => !latencies && members.some((member) => member.sha256 === sha256),
  );
  if (unknown.length === 0) return;
  throw new AppError(
    "file-invalid",
    `the server's profile has no latencies of ${unknown.map(({ name }) => name).join(", ")}, which may run there; ` +
      "profile this project on the server, and give that profile",
    { missing: "profile" },
  );
}
