import { AppError } from "../../../shared/base/errors.ts";
import type { SearchInputs } from "./search-inputs.ts";

/**
 * A search over several networks has to know what each of them takes.
 * @throws AppError 'file-invalid' naming the networks without latencies
 */
export function checkMembers({ untimed = [] }: SearchInputs): void {
  if (untimed.length > 0)
    throw new AppError(
      "file-invalid",
      `the profile has no latencies of ${untimed.join(", ")}, which the project holds beside its backbone; profile the project again`,
      { missing: "profile" },
    );
}

/** What a server's profile lacks: plans keep the networks that it doesn't know on the device. Undefined if it lacks nothing. */
export function unknownToServer({ members = [], offload }: SearchInputs): string | undefined {
  const names = (offload?.members ?? []).flatMap(({ sha256, name, latencies }) =>
    !latencies && members.some((member) => member.sha256 === sha256) ? [name] : [],
  );
  if (names.length === 0) return undefined;
  return (
    `the server's profile has no latencies of ${names.join(" and ")}, so no plan runs that there; ` +
    "profile this project on the server to have it searched as well"
  );
}
