import { useRef } from "react";

/** Letters that follow each other faster than this are one word, ms. */
const pauseMs = 800;

/** Puts letters together to what is being typed. @returns takes a letter, and says whether a word begins with it */
export function useTypedWord(): (letter: string) => { readonly word: string; readonly isNew: boolean } {
  const typed = useRef({ word: "", at: 0 });
  return (letter) => {
    const now = performance.now();
    const isNew = now - typed.current.at > pauseMs;
    typed.current = { word: (isNew ? "" : typed.current.word) + letter, at: now };
    return { word: typed.current.word, isNew };
  };
}
