import type { TensorInfo } from "../../../shared/model/backbone.ts";
import styles from "./TensorList.module.css";
import { describeTensor } from "./tensor-shapes.ts";

/** Tensors by name, with shape and type. */
export function TensorList({
  title,
  names,
  tensors,
}: {
  readonly title: string;
  readonly names: readonly string[];
  readonly tensors: ReadonlyMap<string, TensorInfo>;
}) {
  if (names.length === 0) return null;
  return (
    <div>
      <h4 className={styles.title}>{title}</h4>
      <ul className={styles.list}>
        {names.map((name) => {
          const tensor = tensors.get(name);
          return (
            <li key={name}>
              <bdi className={styles.name} title={name}>
                {name}
              </bdi>
              <span>{tensor ? describeTensor(tensor) : "shape unknown"}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
