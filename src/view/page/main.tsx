import { render } from "preact";
import { App } from "./app.js";
import { createServerData, takeToken } from "./data.js";
import "./page.css";

const root = document.getElementById("page");
if (root !== null) {
  root.textContent = "";
  render(<App data={createServerData(takeToken())} />, root);
}
