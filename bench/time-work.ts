import { cpuSecondsOf, createBatch, startCluster, untilCompleted } from "./cluster.js";
import { readArguments, tell } from "./report.js";

/** Times a batch from its making to its end, with so many workers; what the processor gave them is what counts. */
export async function timeWork(workers: number): Promise<void> {
  const { file, count, baseURL, concurrency } = readArguments();
  const args = concurrency === 0 ? [] : ["--concurrency", String(concurrency)];
  await using cluster = await startCluster({
    ...{ storage: `${file}.storage`, workers, upstream: baseURL },
    args: [...args, "--max-batch-requests", String(count)],
  });
  const cpuSeconds = (): number => cluster.workers.reduce((sum, worker) => sum + cpuSecondsOf(worker), 0);
  const before = cpuSeconds();
  const started = performance.now();
  await untilCompleted(cluster, await createBatch(cluster, file), { count });
  tell({ seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSeconds() - before });
}
