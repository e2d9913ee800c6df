import { useEffect, useState } from "react";
import type { WeightView } from "../../../shared/ipc/weights.ts";
import { call } from "../../state/call.ts";
import { messageOf } from "../../state/error-message.ts";

interface Weights {
  /** Null while the engine reads them. */
  readonly weights: readonly WeightView[] | null;
  readonly error: string | null;
}

const reading: Weights = { weights: null, error: null };

/** What an operator holds, read by the engine when it's looked at. */
export function useWeights(member: string | undefined, node: string): Weights {
  const [found, setFound] = useState(reading);
  useEffect(() => {
    const abort = new AbortController();
    setFound(reading);
    call("model.weights", { member, node }, { signal: abort.signal })
      .then(({ weights }) => setFound({ weights, error: null }))
      .catch((failure) => !abort.signal.aborted && setFound({ weights: [], error: messageOf(failure) }));
    return () => abort.abort();
  }, [member, node]);
  return found;
}
