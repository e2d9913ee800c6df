import { useEffect, useState } from "react";
import { inGesture } from "./design-store.ts";

const settleMs = 250;

/** A value once it hasn't changed for a while and no slider is held; the first one at once. */
export function useDebounced<Value>(value: Value): Value {
  const [settled, setSettled] = useState<{ readonly value: Value }>({ value });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    const settle = () => {
      if (inGesture()) timer = setTimeout(settle, settleMs);
      else setSettled({ value });
    };
    timer = setTimeout(settle, settleMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled.value;
}
