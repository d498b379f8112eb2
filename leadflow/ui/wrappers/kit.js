// What every island shares, behind one name, so that the build keeps it in one chunk.
export * from "./claim.jsx";
export * from "./countdown.jsx";
export * from "./dialog.jsx";
export * from "./format.js";
export * from "./frame.jsx";
export * from "./icons.jsx";
export * from "./live.js";
export * from "./menu.jsx";
export * from "./offers.js";
export * from "./only_when.jsx";
export * from "./parts.jsx";
export * from "./rest.js";
export * from "./row_store.js";
export * from "./toasts.jsx";
export * from "./url_filter.jsx";
export * from "./use_now.js";
export * from "./use_row.js";
import "./parts.css";
