import { useEffect, useRef } from "react";
import { plainName } from "../../../shared/base/plain-name.ts";
import type { Thumbnail } from "../../../shared/ipc/images.ts";
import styles from "./ContactSheet.module.css";

interface ContactSheetProps {
  readonly images: readonly Thumbnail[];
  readonly classNames: readonly string[];
}

/** Images as the network sees them, with their classes. */
export function ContactSheet({ images, classNames }: ContactSheetProps) {
  const names = classNames.map(plainName);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list has to be reachable by keyboard
    <ul className={styles.sheet} tabIndex={0} aria-label="Images as the network sees them">
      {images.map((image) => (
        <li key={image.source} title={`${names[image.label]}\n${plainName(image.source)}`}>
          <Picture image={image} label={names[image.label]} />
          <span className={styles.label}>{names[image.label]}</span>
        </li>
      ))}
    </ul>
  );
}

function Picture({ image, label }: { readonly image: Thumbnail; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, rgba } = image;
  useEffect(() => {
    const pixels = new ImageData(new Uint8ClampedArray(rgba), width, height);
    canvas.current?.getContext("2d")?.putImageData(pixels, 0, 0);
  }, [width, height, rgba]);
  return (
    <canvas
      ref={canvas}
      className={styles.picture}
      width={width}
      height={height}
      role="img"
      aria-label={`${label}, ${plainName(image.source)}`}
    />
  );
}
