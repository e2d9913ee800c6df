import { useEffect, useId, useRef } from "react";
import { endTour, goToStep, useTour } from "../../state/tour-store.ts";
import { Beside } from "../../ui/Beside.tsx";
import { Button } from "../../ui/Button.tsx";
import { onToolbarKey } from "../../ui/focus.ts";
import layoutStyles from "../../ui/layout.module.css";
import { returnToPane } from "../../ui/pane-focus.ts";
import textStyles from "../../ui/text.module.css";
import { tourSteps } from "./steps.ts";
import styles from "./Tour.module.css";
import { useBoxOf } from "./use-box-of.ts";

/** The tour's step beside the control that it speaks of; nothing is blocked meanwhile. */
export function Tour() {
  const step = useTour((state) => state.step);
  return step === null ? null : <OpenTour step={step} />;
}

function OpenTour({ step }: { readonly step: number }) {
  useEffect(() => {
    window.addEventListener("keydown", skipOnEscape, { capture: true });
    return () => {
      window.removeEventListener("keydown", skipOnEscape, { capture: true });
      // The focus has gone with the button that had it.
      requestAnimationFrame(returnToPane);
    };
  }, []);
  return <Step key={step} number={step} />;
}

/** Whatever has the focus, but for what is open above the tour and closes by the same key. */
function skipOnEscape(event: globalThis.KeyboardEvent): void {
  if (event.key !== "Escape" || document.querySelector("[role=dialog], [role=menu]")) return;
  event.preventDefault();
  event.stopPropagation();
  endTour();
}

function Step({ number }: { readonly number: number }) {
  const { title, text, anchor, prefer, show } = tourSteps[number];
  const about = useId();
  const next = useRef<HTMLButtonElement>(null);
  const box = useBoxOf(anchor);
  useEffect(() => {
    show?.();
    next.current?.focus();
  }, [show]);
  const isLast = number === tourSteps.length - 1;
  const goOn = () => (isLast ? endTour() : goToStep(number + 1));
  return (
    <>
      {box && <div className={styles.ring} style={box} aria-hidden />}
      <Beside anchor={box ?? middleOfWindow()} from="window" className={styles.tour} prefer={prefer}>
        <section
          className={layoutStyles.column}
          aria-label={`Tour, step ${number + 1} of ${tourSteps.length}`}
        >
          <div id={about} className={layoutStyles.column}>
            <h2 className={styles.title}>{title}</h2>
            <p className={textStyles.soft}>{text}</p>
          </div>
          <div className={layoutStyles.row} role="toolbar" aria-label="Tour" onKeyDown={onToolbarKey}>
            <span className={textStyles.note}>
              {number + 1} of {tourSteps.length}
            </span>
            <span className={layoutStyles.space} />
            {!isLast && (
              <Button look="quiet" onClick={endTour}>
                Skip
              </Button>
            )}
            {number > 0 && <Button onClick={() => goToStep(number - 1)}>Back</Button>}
            <Button ref={next} look="primary" aria-describedby={about} onClick={goOn}>
              {isLast ? "Done" : "Next"}
            </Button>
          </div>
        </section>
      </Beside>
    </>
  );
}

/** Where the control isn't in sight. */
function middleOfWindow() {
  return { left: window.innerWidth / 2, top: window.innerHeight / 3, width: 0, height: 0 };
}
