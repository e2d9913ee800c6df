import { ChevronLeft, ChevronRight } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { formatCount } from "../../../shared/base/format-number.ts";
import type { DataSummary } from "../../../shared/files/project-view.ts";
import type { PlanExit } from "../../../shared/model/plan.ts";
import { useChosenOn } from "../../state/chosen-on.ts";
import { useLive } from "../../state/live-store.ts";
import { useProject } from "../../state/project-store.ts";
import { useDebounced } from "../../state/use-debounced.ts";
import { openPanel } from "../../state/view-store.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import controlStyles from "../../ui/control.module.css";
import { Picture } from "../../ui/Picture.tsx";
import textStyles from "../../ui/text.module.css";
import { type ExitRow, predictedAt, useExitRow } from "../pieces/exit-row.ts";
import { Section } from "../pieces/Section.tsx";
import styles from "./ExampleSection.module.css";
import { type ExitOutcome, exampleOrder, exampleSamples, exitOutcomes } from "./example-samples.ts";
import { type Thumbnails, useThumbnails } from "./use-thumbnails.ts";

const pageSize = 6;

const titles: Readonly<Record<ExitOutcome, string>> = {
  "exits right": "Leave here, right",
  "exits wrong": "Leave here, wrong",
  continues: "Continue",
};

type Props = { readonly index: number } & Pick<PlanExit, "member" | "cutPoint" | "head" | "policy">;

/** Images of samples that leave here with the right answer, with a wrong one, and that continue; fetched when a drag has ended. */
export const ExampleSection = memo(function ExampleSection({ index, ...exit }: Props) {
  const data = useProject(({ project }) => project?.data ?? null);
  const { table, row } = useExitRow(exit);
  const chosenOn = useChosenOn();
  const hasRow = table !== undefined && row !== undefined;
  return (
    <Section id="exit.examples" title="Examples" note={chosenOn.name}>
      {data?.available && hasRow ? (
        <Examples index={index} data={data} row={{ table, row }} />
      ) : (
        <NoExamples data={data} />
      )}
    </Section>
  );
});

function NoExamples({ data }: { readonly data: DataSummary | null }) {
  return (
    <div className={styles.none}>
      <p>
        {data
          ? "The data set is not where it was, so there are no pictures to show. Bring it back, or train with it where it lies now; everything else works without it."
          : "The project has no data set yet."}
      </p>
      {data && (
        <p className={`${textStyles.code} ${textStyles.whole}`} title={data.path}>
          {data.path}
        </p>
      )}
      <Button onClick={() => openPanel("data")}>
        {data ? "Choose where it lies now" : "Choose a data set"}
      </Button>
    </div>
  );
}

function Examples({
  index,
  data,
  row,
}: {
  readonly index: number;
  readonly data: DataSummary;
  readonly row: ExitRow;
}) {
  const live = useLive((state) => state.routing);
  const routing = useDebounced(live);
  const samples = row.table.samples;
  const order = useMemo(() => exampleOrder(samples), [samples]);
  const [pages, setPages] = useState<Readonly<Record<ExitOutcome, number>>>(firstPages);
  const rows = useMemo(
    () =>
      routing?.exit.length === samples
        ? exitOutcomes.map((outcome) => ({
            outcome,
            ...exampleSamples(order, routing, index, outcome, { page: pages[outcome], size: pageSize }),
          }))
        : [],
    [order, routing, index, pages, samples],
  );
  const thumbnails = useThumbnails(
    data,
    rows.flatMap((shown) => shown.samples),
  );
  return (
    <>
      {rows.map(({ outcome, samples: shown, total }) => (
        <div key={outcome}>
          <Pager
            title={titles[outcome]}
            total={total}
            page={Math.min(pages[outcome], Math.max(0, Math.ceil(total / pageSize) - 1))}
            onPage={(page) => setPages({ ...pages, [outcome]: page })}
          />
          <ExampleRow samples={shown} row={row} classNames={data.classNames} thumbnails={thumbnails} />
        </div>
      ))}
      {thumbnails.error && (
        <div className={styles.error} role="alert">
          <p>The pictures could not be read: {thumbnails.error}</p>
          <Button onClick={thumbnails.retry}>Try again</Button>
        </div>
      )}
    </>
  );
}

const firstPages: Readonly<Record<ExitOutcome, number>> = {
  "exits right": 0,
  "exits wrong": 0,
  continues: 0,
};

function Pager({
  title,
  total,
  page,
  onPage,
}: {
  readonly title: string;
  readonly total: number;
  readonly page: number;
  onPage(page: number): void;
}) {
  const pages = Math.ceil(total / pageSize);
  return (
    <div className={styles.pager}>
      <h4>
        {title} <span className={textStyles.hint}>{formatCount(total)}</span>
      </h4>
      {pages > 1 && (
        <>
          <IconButton
            className={controlStyles.smallIcon}
            label={`${title}: earlier examples`}
            disabled={page === 0}
            onClick={() => onPage(page - 1)}
          >
            <ChevronLeft size={14} />
          </IconButton>
          <IconButton
            className={controlStyles.smallIcon}
            label={`${title}: more examples`}
            disabled={page >= pages - 1}
            onClick={() => onPage(page + 1)}
          >
            <ChevronRight size={14} />
          </IconButton>
        </>
      )}
    </div>
  );
}

function ExampleRow({
  samples,
  row,
  classNames,
  thumbnails,
}: {
  readonly samples: readonly number[];
  readonly row: ExitRow;
  readonly classNames: readonly string[];
  readonly thumbnails: Thumbnails;
}) {
  if (samples.length === 0) return <p className={textStyles.faint}>none</p>;
  return (
    <div className={styles.row}>
      {samples.map((sample) => (
        <Example
          key={sample}
          sample={sample}
          row={row}
          classNames={classNames}
          image={thumbnails.images.get(sample)}
        />
      ))}
    </div>
  );
}

function Example({
  sample,
  row,
  classNames,
  image,
}: {
  readonly sample: number;
  readonly row: ExitRow;
  readonly classNames: readonly string[];
  readonly image: ReturnType<Thumbnails["images"]["get"]>;
}) {
  const { table } = row;
  const nameOf = (index: number | undefined) =>
    index === undefined ? "unknown" : (classNames[index] ?? `class ${index}`);
  const place = row.row * table.samples + sample;
  const isRight = table.correct[place] === 1;
  const truth = nameOf(table.labels?.[sample] ?? image?.label);
  const predicted = isRight ? truth : nameOf(predictedAt(row)?.[sample]);
  const confidence = table.confidence[place].toFixed(3);
  const words = `${isRight ? truth : `${truth}, taken for ${predicted}`}, confidence ${confidence}`;
  return (
    <figure className={styles.example} title={image ? `${words}\n${image.source}` : words}>
      <Picture image={image} label={words} />
      <figcaption>
        <bdi>{predicted}</bdi>
        {!isRight && (
          <bdi className={textStyles.bad}>
            <span aria-hidden>≠ </span>
            {truth}
          </bdi>
        )}
        <span>{confidence}</span>
      </figcaption>
    </figure>
  );
}
