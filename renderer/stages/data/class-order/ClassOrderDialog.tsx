import { FileText, RotateCcw, ScanSearch } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { samePlainData } from "../../../../shared/base/plain-data.ts";
import type { DataView as InspectedData } from "../../../../shared/ipc/images.ts";
import {
  type ClassMapping,
  countMoved,
  detectedMapping,
  mappingOfList,
  moveClass,
  presentMapping,
  tallyAnswers,
} from "../../../../shared/model/class-mapping.ts";
import { askAllImages, stopAsking, takeClassOrder } from "../../../state/stages/class-order.ts";
import { askForClasses, useDataForm } from "../../../state/stages/data-form.ts";
import { closeDialog } from "../../../state/view-store.ts";
import { Button } from "../../../ui/Button.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import layoutStyles from "../../../ui/layout.module.css";
import surfaceStyles from "../../../ui/surface.module.css";
import textStyles from "../../../ui/text.module.css";
import { MappedClasses } from "./MappedClasses.tsx";
import { OrderEffect } from "./OrderEffect.tsx";

const byHand = "the list that was put together by hand";
const byAnswers = "the backbone's own answers";

/** Which class of the data stands for which of the model's scores, by hand, and what that does to the backbone. */
export function ClassOrderDialog() {
  const view = useDataForm((form) => form.view);
  useEffect(() => {
    if (!view) closeDialog();
  }, [view]);
  // Of other data, or other classes, the order starts again.
  return view && <OpenDialog key={viewKey(view)} view={view} />;
}

function viewKey({ path, classNames }: InspectedData): string {
  return JSON.stringify([path, classNames]);
}

function OpenDialog({ view }: { readonly view: InspectedData }) {
  const present = useMemo(() => presentMapping(view.classNames), [view]);
  const { answered, askAll } = useAnswers(view);
  const tally = useMemo(() => tallyAnswers(answered), [answered]);
  const detected = useMemo(() => detectedMapping(tally, view.classNames), [tally, view]);
  const [order, setOrder] = useState({ mapping: present, from: byHand });
  const [fault, setFault] = useState<string | null>(null);
  const take = (mapping: ClassMapping, from: string) => {
    setFault(null);
    setOrder({ mapping, from });
  };
  const takeFile = async () => {
    const list = await askForClasses();
    if (!list) return;
    const mapping = mappingOfList(list.names, view, tally);
    if ("fault" in mapping) setFault(`${list.from} ${mapping.fault}.`);
    else take(mapping, list.from);
  };
  const isPresent = samePlainData(order.mapping, present);
  return (
    <Dialog
      title="Class order"
      description="Which class of the data stands for which of the model's scores. Drag a class, or move it with Alt and an arrow key; type to go to one."
      open
      wide={view.modelClassNames !== null}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>Cancel</Button>
          <Button
            look="primary"
            disabled={isPresent}
            onClick={() => {
              closeDialog();
              takeClassOrder(order.mapping, order.from);
            }}
          >
            Use this order
          </Button>
        </>
      }
    >
      <div className={layoutStyles.column}>
        <OrderEffect
          tally={tally}
          images={answered.labels.length}
          all={view.splits.calibration}
          present={present}
          mapping={order.mapping}
          onAskAll={askAll}
        />
        <MappedClasses
          mapping={order.mapping}
          modelClassNames={view.modelClassNames}
          tally={tally}
          onMove={(from, to) => take(moveClass(order.mapping, from, to), byHand)}
        />
        <div className={layoutStyles.wrap}>
          <Button icon={<FileText size={14} />} onClick={() => void takeFile()}>
            From file…
          </Button>
          <Button
            icon={<ScanSearch size={14} />}
            title={
              countMoved(detected) === 0
                ? "The backbone's answers speak for the order as it is now, or for none"
                : "Each class where most of its images are answered"
            }
            disabled={countMoved(detected) === 0}
            onClick={() => take(detected, byAnswers)}
          >
            Detected order
          </Button>
          <Button
            look="quiet"
            icon={<RotateCcw size={14} />}
            disabled={isPresent}
            onClick={() => take(present, byHand)}
          >
            Reset
          </Button>
        </div>
        {fault && (
          <div className={surfaceStyles.error} role="alert">
            <span className={textStyles.whole}>{fault}</span>
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** What the backbone answers to the images that were looked at, or to all, once that was asked for. */
function useAnswers(view: InspectedData) {
  const [answered, setAnswered] = useState(view.answered);
  useEffect(() => stopAsking, []);
  const askAll = async () => {
    const all = await askAllImages();
    if (all) setAnswered(all);
  };
  return { answered, askAll: () => void askAll() };
}
