import { describe, expect, it } from "vitest";
import { OpenbatchError } from "../../../src/errors/index.js";
import { readFault } from "../../../src/rehearse/faults/read-fault.js";
import type { RehearsalFault } from "../../../src/rehearse/faults/rehearsal-fault.js";

describe("the text form of a fault", () => {
  it.each<readonly [string, RehearsalFault]>([
    ["429:0.1", { kind: "429", share: 0.1 }],
    ["429:.5", { kind: "429", share: 0.5 }],
    ["500:1", { kind: "500", share: 1 }],
    ["500:0", { kind: "500", share: 0 }],
    ["429:0.1:30", { kind: "429", share: 0.1, retryAfterSeconds: 30 }],
    ["429:0.1:0.5", { kind: "429", share: 0.1, retryAfterSeconds: 0.5 }],
    ["429:row-7*:2:x1", { kind: "429", match: "row-7*", retryAfterSeconds: 2, attempts: 1 }],
    ["slow:0.5:2000", { kind: "slow", share: 0.5, delayMs: 2000 }],
    ["refusal:row-7*", { kind: "refusal", match: "row-7*" }],
    ["503:row-7:x3", { kind: "503", match: "row-7", attempts: 3 }],
    ["cut:a:b", { kind: "cut", match: "a:b" }],
    ["cut:001", { kind: "cut", match: "001" }],
    ["cut:7", { kind: "cut", match: "7" }],
    ["timeout:*", { kind: "timeout", match: "*" }],
  ])("%s is %j", (text, fault) => {
    expect(readFault(text)).toEqual(fault);
  });
});

describe("a mistake in a fault", () => {
  it.each<readonly [unknown, RegExp]>([
    ["429", /"429" is no fault of a rehearsal\. Write KIND:SHARE or KIND:CUSTOM_ID.*--fault/],
    ["", /"" is no fault/],
    ["429:", /"429:" is no fault/],
    ["430:0.1", /There is no fault "430".* Did you mean 4[02]/],
    ["refuse:0.1", /There is no fault "refuse".* Did you mean refusal\?/],
    ["429:1.5", /share \(--fault\) is 1\.5\. Use a number from 0 to 1\./],
    ["500:0.1:3", /500 takes no number after what it hits, found 3\./],
    ["500:0.1:x0", /attempts \(--fault\) is 0\. Use a whole number from 1\./],
    [{}, /says too little.*Give it a kind/],
    [{ kind: "429" }, /says too little/],
    [{ kind: "429", share: "0.1" }, /share \(--fault\) is "0\.1"\. Use a number from 0 to 1/],
    [{ kind: "oops", share: 1 }, /kind \(--fault\) is "oops"\. Use "400" or/],
    [{ kind: "500", match: "" }, /match \(--fault\) is ""/],
    [{ kind: "500", share: 1, delayMs: 5 }, /500 has delayMs, which only slow takes/],
    [{ kind: "slow", share: 1, retryAfterSeconds: 5 }, /slow has retryAfterSeconds, which only 429 takes/],
    [{ kind: "slow", share: 1, delayMs: Infinity }, /delayMs \(--fault\) is Infinity/],
    [{ kind: "500", shares: 1 }, /There is no option "shares"\. Did you mean share\?/],
    [4, /Expected an object of options, found 4/],
  ])("is invalid_option: %j", (fault, words) => {
    // What plain JavaScript and the command line may give.
    const read = () => readFault(fault as string);
    expect(read).toThrow(OpenbatchError);
    try {
      read();
    } catch (error) {
      const { code, message, hint } = error as OpenbatchError;
      expect(code).toBe("invalid_option");
      expect(`${message} ${hint}`).toMatch(words);
    }
  });
});
