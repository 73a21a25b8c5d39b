import { timeWork } from "../time-work.js";

await timeWork(2);
