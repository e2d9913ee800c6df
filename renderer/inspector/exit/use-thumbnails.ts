import { useEffect, useState } from "react";
import type { DataSummary } from "../../../shared/files/project-view.ts";
import type { Thumbnail } from "../../../shared/ipc/images.ts";
import { call } from "../../state/call.ts";
import { messageOf } from "../../state/error-message.ts";

/** Images fetched so far, by sample, per data set. */
const seen = new WeakMap<DataSummary, Map<number, Thumbnail>>();
const maxSeen = 2000;

export interface Thumbnails {
  readonly images: ReadonlyMap<number, Thumbnail>;
  /** Why some could not be fetched, in words; null if none failed. */
  readonly error: string | null;
  /** Asks again for those that could not be fetched. */
  retry(): void;
}

const none: ReadonlyMap<number, Thumbnail> = new Map();

/** Images of calibration samples, fetched on first use. */
export function useThumbnails(data: DataSummary | null, samples: readonly number[]): Thumbnails {
  const [, setFetched] = useState(0);
  const [error, setError] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const key = samples.join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks again for the same
  useEffect(() => {
    if (!data?.available) return;
    const cache = seen.get(data) ?? new Map<number, Thumbnail>();
    seen.set(data, cache);
    const wanted = key === "" ? [] : key.split(",").map(Number);
    const missing = wanted.filter((sample) => !cache.has(sample));
    if (missing.length === 0) return;
    const abort = new AbortController();
    call("project.images", { samples: missing }, { signal: abort.signal })
      .then(({ images }) => {
        if (cache.size > maxSeen) cache.clear();
        images.forEach((image, index) => {
          cache.set(missing[index], image);
        });
        setError(null);
        setFetched((count) => count + 1);
      })
      .catch((failure) => !abort.signal.aborted && setError(messageOf(failure)));
    return () => abort.abort();
  }, [data, key, attempt]);
  const retry = () => {
    setError(null);
    setAttempt(attempt + 1);
  };
  return { images: (data && seen.get(data)) ?? none, error, retry };
}
