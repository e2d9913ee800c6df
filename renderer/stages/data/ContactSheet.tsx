import { plainName } from "../../../shared/base/plain-name.ts";
import type { Thumbnail } from "../../../shared/ipc/images.ts";
import { Picture } from "../../ui/Picture.tsx";
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
          <Picture image={image} label={`${names[image.label]}, ${plainName(image.source)}`} />
          <span className={styles.label}>{names[image.label]}</span>
        </li>
      ))}
    </ul>
  );
}
