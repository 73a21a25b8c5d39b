import { longTailed, type SimulatedServer, simulate } from "../../test/execute/simulated-server.js";

const second = 1000;
const totalMs = 180 * second;
const seeds = [1, 2, 3];
/** So much of what the best fixed limit brings, over all the time with the rise in it. */
const leastShare = 0.85;
/** And so much of its answers a second after so long. */
const risenShare = 0.9;
const risenMs = 25 * second;
const windowMs = 10 * second;

interface Case {
  readonly name: string;
  readonly server: SimulatedServer;
  readonly slots: number;
}

const cases: readonly Case[] = [
  toCase("256 slots, 1 s, queues beyond", 256, (slots) => ({ serviceMs: () => second, workers: slots })),
  toCase("256 slots, 1 s ± half, 429 beyond", 256, (slots) => ({
    serviceMs: longTailed(second, 0.5),
    room: slots,
  })),
  toCase("256 slots, 1 s ± half, queues beyond", 256, (slots) => ({
    serviceMs: longTailed(second, 0.5),
    workers: slots,
  })),
  toCase("256 slots, log-normal times of 2 s", 256, (slots) => ({
    serviceMs: longTailed(2 * second, 0.8),
    workers: slots,
  })),
  toCase("1,000 slots, 4 s ± half", 1000, (slots) => ({
    serviceMs: longTailed(4 * second, 0.5),
    workers: slots,
  })),
  toCase("2,000 slots, 5 s ± half", 2000, (slots) => ({
    serviceMs: longTailed(5 * second, 0.5),
    workers: slots,
  })),
];

/** How near the concurrency that finds itself comes to the best one, on simulated servers: no clock is in it. */
console.log(`| server | of the best fixed limit | of its answers a second after ${risenMs / second} s | |`);
console.log("| --- | --- | --- | --- |");
for (const each of cases) {
  const share = middle(seeds.map((seed) => answeredOf(each, totalMs, seed) / bestOf(each, totalMs, seed)));
  const risen = middle(seeds.map((seed) => rateOf(each, seed) / bestRateOf(each, seed)));
  const isMet = share >= leastShare && risen >= risenShare;
  console.log(
    `| ${each.name} | ${share.toFixed(2)} | ${risen.toFixed(2)} | ${isMet ? "met" : "**missed**"} |`,
  );
  if (!isMet) process.exitCode = 1;
}

function toCase(name: string, slots: number, toServer: (slots: number) => SimulatedServer): Case {
  return { name, slots, server: toServer(slots) };
}

function answeredOf({ server }: Case, ms: number, seed: number, fixed?: number): number {
  return simulate(server, ms, seed, fixed).answered;
}

function bestOf(each: Case, ms: number, seed: number): number {
  return Math.max(...limitsOf(each).map((fixed) => answeredOf(each, ms, seed, fixed)));
}

function rateOf(each: Case, seed: number, fixed?: number): number {
  return answeredOf(each, risenMs + windowMs, seed, fixed) - answeredOf(each, risenMs, seed, fixed);
}

function bestRateOf(each: Case, seed: number): number {
  return Math.max(...limitsOf(each).map((fixed) => rateOf(each, seed, fixed)));
}

/** One of them is the best. */
function limitsOf({ slots }: Case): readonly number[] {
  return [slots, Math.round(slots * 1.2)];
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
