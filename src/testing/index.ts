export type { BatchServerTrouble } from "./batch-server-trouble.js";
export { startBatchServer, type TestBatchServer, type TestBatchServerOptions } from "./start-batch-server.js";
export type { TestClock, TestClockOptions } from "./test-clock.js";
