import type { CommandEntry } from "./frame/command.js";

/** Every command, in the order of the help. The file of a command is imported when it is called. */
export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "write a commented template and a tiny table to start from",
    load: () => import("./init/init.js"),
  },
  {
    name: "ask",
    summary: "ask a model about every row of a table, and write the answers beside the rows",
    load: () => import("./ask/ask.js"),
  },
  {
    name: "build",
    summary: "turn the rows of a table into a batch file",
    load: () => import("./build/build.js"),
  },
  {
    name: "validate",
    summary: "check batch files, and mend what can be mended",
    load: () => import("./validate/validate.js"),
  },
  {
    name: "plan",
    summary: "show how a batch file is cut into batches of a service, and write the parts",
    load: () => import("./plan/plan.js"),
  },
  {
    name: "run",
    summary: "send every request of a batch file to a server, here and now",
    load: () => import("./run/run.js"),
  },
  {
    name: "submit",
    summary: "take a batch file through a provider's Batch API, to its results",
    load: () => import("./job/submit.js"),
  },
  {
    name: "status",
    summary: "ask once where a submitted batch file stands",
    load: () => import("./job/status.js"),
  },
  {
    name: "cancel",
    summary: "cancel what a provider has of a submitted batch file",
    load: () => import("./job/cancel.js"),
  },
  {
    name: "results",
    summary: "read what became of each request: a summary, tables, images, what to send again",
    load: () => import("./results/results.js"),
  },
  {
    name: "view",
    summary: "look at requests and their answers in a browser",
    load: () => import("./view/view.js"),
  },
  {
    name: "serve",
    summary: "serve OpenAI's Batch API on this machine, on top of any server or of a rehearsal",
    load: () => import("./serve/serve.js"),
  },
  {
    name: "worker",
    summary: "execute batches of servers on one database, as one of any number of workers",
    load: () => import("./cluster/worker.js"),
  },
  {
    name: "workers",
    summary: "list the workers on a database: on what, since when, how fast",
    load: () => import("./cluster/workers.js"),
  },
  {
    name: "migrate",
    summary: "make or renew the tables that servers and workers on one database need",
    load: () => import("./cluster/migrate.js"),
  },
  {
    name: "doctor",
    summary: "look whether all that a job needs is there: key, server, versions, disk, clock",
    load: () => import("./doctor/doctor.js"),
  },
];
