import type { MetricType } from "prom-client";
import { OpenbatchError } from "../../errors/index.js";
import type { Metric } from "./metric.js";

/** Writes numbers down as Prometheus reads them, those of the process itself too. */
export interface MetricsWriter {
  readonly contentType: string;
  write(metrics: readonly Metric[]): Promise<string>;
}

/** Loads what only those need who are asked. @throws OpenbatchError `missing_package` */
export async function openMetricsWriter(): Promise<MetricsWriter> {
  const { default: prometheus } = await import("prom-client").catch((cause: unknown) => {
    throw new OpenbatchError("missing_package", "Metrics need prom-client.", {
      hint: "Install it: npm install prom-client.",
      cause,
    });
  });
  const ofProcess = new prometheus.Registry();
  prometheus.collectDefaultMetrics({ register: ofProcess });

  /** It was counted elsewhere: nothing of it is kept here. */
  class Counted extends prometheus.Gauge {
    readonly #metric: Metric;

    constructor(metric: Metric, registry: InstanceType<typeof prometheus.Registry>) {
      super({ name: metric.name, help: metric.help, registers: [registry] });
      this.#metric = metric;
    }

    override async get() {
      const { name, type, samples } = this.#metric;
      const values = samples.map(({ value, labels, suffix = "" }) => ({
        ...{ value, labels },
        metricName: `${name}${suffix}`,
      }));
      // Its types number the kinds; what it takes and writes are their names.
      return { ...(await super.get()), type: type as unknown as MetricType, values };
    }
  }

  return {
    contentType: ofProcess.contentType,
    async write(metrics) {
      const registry = new prometheus.Registry();
      for (const metric of metrics) new Counted(metric, registry);
      return prometheus.Registry.merge([registry, ofProcess]).metrics();
    },
  };
}
