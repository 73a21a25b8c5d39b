export {
  type BatchServerTrouble,
  startBatchServer,
  type TestBatchServer,
  type TestBatchServerOptions,
  type TestClock,
  type TestClockOptions,
} from "./testing/index.js";
