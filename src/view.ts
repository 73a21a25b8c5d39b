export {
  type JoinedTableOptions,
  serveView,
  type ViewedFiles,
  type ViewOptions,
  type ViewServer,
} from "./view/index.js";
