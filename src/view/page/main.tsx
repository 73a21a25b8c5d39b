import { render } from "preact";
import type { ReportContent } from "../wire/report-content.js";
import { App } from "./app.js";
import { createServerData, takeToken } from "./data.js";
import { createReportData } from "./report-data.js";
import "./page.css";

const root = document.getElementById("page");
if (root !== null) {
  const report = document.getElementById("report")?.textContent;
  // It was written by the same version.
  const content = report ? (JSON.parse(report) as ReportContent) : undefined;
  root.textContent = "";
  const data = content === undefined ? createServerData(takeToken()) : createReportData(content);
  render(<App data={data} sampled={content?.rows.length} activity={content?.activity} />, root);
}
