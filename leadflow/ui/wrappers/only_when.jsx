// Draws its children only while a media query holds.
import { useCallback, useSyncExternalStore } from "react";

export function useMedia(query) {
  const watch = useCallback((listener) => {
    const media = matchMedia(query);
    media.addEventListener("change", listener);
    return () => media.removeEventListener("change", listener);
  }, [query]);
  return useSyncExternalStore(watch, () => matchMedia(query).matches);
}

export const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function OnlyWhen({ media, children }) {
  return useMedia(media) ? children : null;
}
