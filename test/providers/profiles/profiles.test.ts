import { describe, expect, test } from "vitest";
import {
  byteLimitOf,
  findProfile,
  profileNames,
  profiles,
  recogniseProfile,
} from "../../../src/providers/index.js";

describe("the profiles", () => {
  test("are each found by the name that they have", () => {
    expect(Object.keys(profiles)).toEqual([...profileNames]);
    expect(profileNames.map((name) => findProfile(name).name)).toEqual([...profileNames]);
  });

  test("are data: they can be sent to another thread, and written down", () => {
    expect(structuredClone(profiles)).toEqual(profiles);
  });

  test("have a source and a month for each fact", () => {
    const facts = Object.values(profiles).flatMap(listFacts);
    expect(facts.length).toBeGreaterThan(200);
    expect(facts.filter(({ source, date }) => source === "" || !/^2026-\d\d$/.test(date))).toEqual([]);
  });

  test("say of each status in small letters what a job does next", () => {
    const words = Object.values(profiles).flatMap(({ statuses }) => Object.entries(statuses.value));
    const states = ["waiting", "running", "stopping", "ended", "rejected"];
    expect(words.filter(([word, state]) => word !== word.toLowerCase() || !states.includes(state))).toEqual(
      [],
    );
  });

  test("give the size of a file by both readings of MB", () => {
    expect(byteLimitOf(profiles.groq.limits)).toMatchObject({ safe: 200_000_000, most: 209_715_200 });
    expect(byteLimitOf(profiles.openai.limits)).toMatchObject({ safe: 209_715_200, most: 209_715_200 });
  });
});

describe("findProfile", () => {
  test.each([
    ["grok", "Did you mean groq?"],
    ["Groq", "Did you mean groq?"],
    ["zzz", expect.stringContaining("Use one of openai, azure, groq")],
    ["__proto__", expect.stringContaining("Use one of")],
  ])("says of %s what was meant", (name, hint) => {
    expect(() => findProfile(name)).toThrow(expect.objectContaining({ code: "invalid_option", hint }));
  });
});

describe("recogniseProfile", () => {
  test.each([
    ["https://api.openai.com/v1", "openai"],
    ["https://eu.api.openai.com/v1/", "openai"],
    ["https://my-resource.openai.azure.com/openai/v1", "azure"],
    ["https://api.groq.com/openai/v1", "groq"],
    ["https://api.deepinfra.com/v1/openai", "deepinfra"],
    ["https://api.moonshot.cn/v1", "moonshot"],
    ["https://ws-1.ap-southeast-1.maas.aliyuncs.com/compatible-mode/v1", "alibaba"],
    ["https://open.bigmodel.cn/api/paas/v4", "zhipu"],
    ["https://api.anthropic.com/v1", "anthropic"],
    ["http://localhost:4040/v1", "local"],
    ["http://127.0.0.1:4040/v1", "local"],
    ["http://[::1]:4040/v1", "local"],
    ["https://api.openai.com.example.org/v1", "custom"],
    ["https://notapi.openai.com.evil/v1", "custom"],
    ["https://llm.example.org/v1", "custom"],
    ["what is this", "custom"],
  ])("takes %s for %s", (baseURL, name) => {
    expect(recogniseProfile(baseURL).name).toBe(name);
  });
});

interface FoundFact {
  readonly source: string;
  readonly date: string;
}

function listFacts(value: unknown): FoundFact[] {
  if (typeof value !== "object" || value === null) return [];
  if ("isVerified" in value && "source" in value && "date" in value)
    return [{ source: `${value.source}`, date: `${value.date}` }];
  return Object.values(value).flatMap(listFacts);
}
