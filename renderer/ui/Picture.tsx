import { useEffect, useRef } from "react";
import type { Thumbnail } from "../../shared/ipc/images.ts";
import styles from "./Picture.module.css";

/** A sample's picture, its pixels as they are. */
export function Picture({ image, label }: { readonly image: Thumbnail | undefined; readonly label: string }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = ref.current?.getContext("2d");
    if (!image || !context) return;
    const pixels = new ImageData(Uint8ClampedArray.from(image.rgba), image.width, image.height);
    context.putImageData(pixels, 0, 0);
  }, [image]);
  return image ? (
    <canvas
      ref={ref}
      className={styles.picture}
      width={image.width}
      height={image.height}
      role="img"
      aria-label={label}
    />
  ) : (
    <div className={styles.picture} />
  );
}
