export { serveView, type ViewOptions, type ViewServer } from "./serve-view.js";
export type { ViewedFiles } from "./source/viewed-files.js";
