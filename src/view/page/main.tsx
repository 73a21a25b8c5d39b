import { render } from "preact";
import type { ReportContent } from "../wire/report-content.js";
import { ViewApp } from "./app.js";
import { createAsk, takeToken } from "./ask.js";
import { createServerData } from "./data.js";
import { createReportData } from "./report-data.js";
import { ServiceApp } from "./service/service-app.js";
import { createServiceData } from "./service/service-data.js";
import "./page.css";

const root = document.getElementById("page");
if (root !== null) {
  const report = document.getElementById("report")?.textContent;
  root.textContent = "";
  render(report ? showReport(report) : showServer(root.dataset), root);
}

function showReport(text: string) {
  // It was written by the same version.
  const content = JSON.parse(text) as ReportContent;
  return (
    <ViewApp data={createReportData(content)} sampled={content.rows.length} activity={content.activity} />
  );
}

function showServer({ service, keepsNoKey }: DOMStringMap) {
  const ask = createAsk(takeToken(keepsNoKey === undefined));
  const data = createServerData(ask);
  return service === undefined ? (
    <ViewApp data={data} />
  ) : (
    <ServiceApp data={data} service={createServiceData(ask)} />
  );
}
