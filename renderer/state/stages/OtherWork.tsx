import { listNames } from "../../../shared/base/plain-name.ts";
import textStyles from "../../ui/text.module.css";
import { useOtherWindows } from "../other-windows.ts";

/** Wherever something is measured on this machine: that another window keeps it busy. */
export function OtherWork() {
  const working = useOtherWindows((state) => state.working);
  if (working.length === 0) return null;
  const who = working.length > 1 ? "Other windows are" : "Another window is";
  return (
    <p className={`${textStyles.note} ${textStyles.warn}`} role="status">
      ! {who} working: {listNames(working, 3)}. What is measured meanwhile is less sure; let that end first.
    </p>
  );
}
