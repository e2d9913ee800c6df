import { ShieldCheck, ShieldQuestion, TriangleAlert } from "lucide-react";
import type { Statement } from "../../../shared/presentation/verdict/verdict.ts";
import styles from "./LiveStatement.module.css";

/** One thing that is to be said of the live plan. */
export function LiveStatement({ statement: { topic, tone, text } }: { readonly statement: Statement }) {
  const Icon = topic === "guarantee" ? (tone === "good" ? ShieldCheck : ShieldQuestion) : TriangleAlert;
  return (
    <p className={`${styles.note} ${styles[tone]}`}>
      {tone !== "plain" && <Icon size={14} aria-hidden />}
      <span>{text}</span>
    </p>
  );
}
