import { tellPeak } from "../report.js";

tellPeak();
