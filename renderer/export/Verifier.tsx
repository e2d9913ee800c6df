import { isThisMachine } from "../../shared/model/this-machine.ts";
import { describeActivity } from "../../shared/presentation/words/describe-worker.ts";
import { useFleet } from "../state/fleet-store.ts";
import { changeExport } from "../state/stages/export-form.ts";
import { useTargetProfile } from "../state/target-profile.ts";
import { SelectField } from "../ui/Field.tsx";

interface VerifierProps {
  /** A worker's name; null for this machine. */
  readonly verifier: string | null;
  /** Whether the target is this machine. */
  readonly isHere: boolean;
}

/** Who runs the files: the machine that was designed for, unless the person says another. */
export function Verifier({ verifier, isHere }: VerifierProps) {
  const profile = useTargetProfile();
  const workers = useFleet((fleet) => fleet.workers);
  const lookedAtMs = useFleet((fleet) => fleet.lookedAtMs);
  const there = workers.filter(({ goneAtMs }) => goneAtMs === null);
  if (there.length === 0) return null;
  const chosen = there.find(({ state }) => state.name === verifier);
  const isOther = chosen && profile && !isThisMachine(profile.target, chosen.state);
  return (
    <SelectField
      label="Verify on"
      hint={
        isOther
          ? `Designed for another machine, ${profile.target.device}: latencies are compared at the pace of ${chosen.state.name}.`
          : "Images travel to a worker preprocessed; what each took and was decided comes back."
      }
      choices={[
        ...(isHere ? [{ value: "", label: "This machine" }] : []),
        ...there.map((worker) => ({
          value: worker.state.name,
          label: `${worker.state.name} · ${worker.state.device} · ${describeActivity(worker, lookedAtMs)}`,
        })),
      ]}
      value={verifier ?? ""}
      onChoose={(value) => changeExport({ verifyOn: value === "" ? null : value })}
    />
  );
}
