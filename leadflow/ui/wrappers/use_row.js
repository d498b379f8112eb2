// One row, and a new drawing only when that row changes.
import { useCallback, useSyncExternalStore } from "react";

export function useRow(store, id) {
  const watch = useCallback((listener) => store.subscribeRow(id, listener), [store, id]);
  return useSyncExternalStore(watch, () => store.row(id));
}
