export type { BatchServerTrouble } from "./batch-server-trouble.js";
export { startBatchServer, type TestBatchServer } from "./start-batch-server.js";
export type { TestClock, TestClockOptions } from "./test-clock.js";
export type { TestBatchServerOptions } from "./test-server-options.js";
