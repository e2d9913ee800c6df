import { type RefObject, useEffect, useState } from "react";
import type { Size } from "../../shared/presentation/chart/chart-frame.ts";

/** The content size of an element, followed as it changes; null before the first layout. */
export function useSize(element: RefObject<HTMLElement | null>): Size | null {
  const [size, setSize] = useState<Size | null>(null);
  useEffect(() => {
    const observed = element.current;
    if (!observed) return;
    const observer = new ResizeObserver(([{ contentRect }]) => {
      const { width, height } = contentRect;
      setSize({ width: Math.round(width), height: Math.round(height) });
    });
    observer.observe(observed);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
