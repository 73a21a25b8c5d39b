import { isObject } from "../../../api/index.js";
import { tryParseJson } from "../../../jsonl/index.js";
import type { ContentBlock, MessageParam, MessageParams, TextBlock, ToolUseBlock } from "./message-params.js";
import { isGiven, toBlocks, toTexts, toUserContent } from "./to-content.js";
import type { TranslationNotes } from "./translation-notes.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** What a conversation is at Anthropic: what the system says stands before it, and users and assistants take turns. */
export function toMessages(
  messages: unknown,
  notes: TranslationNotes,
): Pick<MessageParams, "messages" | "system"> {
  const conversation = new Conversation(notes);
  if (!Array.isArray(messages)) notes.refuseOdd("body.messages", messages, "an array");
  else
    for (const [index, message] of messages.entries()) conversation.add(message, `body.messages[${index}]`);
  return conversation.finish();
}

const tools = "Use tools: assistant messages with tool_calls, and messages of the role tool.";

class Conversation {
  readonly #notes: TranslationNotes;
  readonly #system: TextBlock[] = [];
  readonly #messages: MessageParam[] = [];
  #latest = "body.messages";

  constructor(notes: TranslationNotes) {
    this.#notes = notes;
  }

  add(value: unknown, at: string): void {
    const message = this.#notes.object(at, value);
    if (message === undefined) return;
    this.#latest = at;
    if (isGiven(message.name) && message.role !== "function")
      this.#notes.refuse(
        `${at}.name`,
        "Anthropic's messages have no name of who speaks.",
        "Leave it out, or put it into the text.",
      );
    switch (message.role) {
      case "system":
      case "developer":
        return this.#addSystem(message, at);
      case "user":
        return this.#addUser(message, at);
      case "assistant":
        return this.#addAssistant(message, at);
      case "tool":
        return this.#addTool(message, at);
      default:
        this.#notes.refuse(`${at}.role`, "Anthropic has no message of this role.", tools);
    }
  }

  finish(): Pick<MessageParams, "messages" | "system"> {
    const last = this.#messages.at(-1);
    if (last?.role === "assistant")
      this.#notes.refuse(
        this.#latest,
        "Anthropic's models go on with the words of an assistant that come last, and do not answer them.",
        "End with a message of the user.",
      );
    if (last === undefined && this.#notes.obstacles.length === 0)
      this.#notes.refuse("body.messages", "Anthropic needs a message of a user.", "Add one.");
    const [only] = this.#system;
    const system = this.#system.length === 1 && only !== undefined ? only.text : this.#system;
    return { ...(this.#system.length === 0 ? {} : { system }), messages: this.#messages };
  }

  #addSystem(message: JsonObject, at: string): void {
    this.#notes.refuseOthers(at, message, ["role", "content", "name"]);
    if (this.#messages.length > 0)
      this.#notes.refuse(
        at,
        "At Anthropic the system speaks before the conversation alone.",
        "Put it first, or give it to the user.",
      );
    const texts = toTexts(message.content, `${at}.content`, this.#notes);
    this.#system.push(...(typeof texts === "string" ? [{ type: "text", text: texts } as const] : texts));
  }

  #addUser(message: JsonObject, at: string): void {
    this.#notes.refuseOthers(at, message, ["role", "content", "name"]);
    this.#push("user", toUserContent(message.content, `${at}.content`, this.#notes));
  }

  #addAssistant(message: JsonObject, at: string): void {
    const { content, refusal, tool_calls, function_call, audio, annotations } = message;
    const known = [
      "role",
      "content",
      "name",
      "refusal",
      "tool_calls",
      "function_call",
      "audio",
      "annotations",
    ];
    this.#notes.refuseOthers(at, message, known);
    if (isGiven(function_call))
      this.#notes.refuse(`${at}.function_call`, "Anthropic has tools in the place of functions.", tools);
    if (isGiven(audio))
      this.#notes.refuse(
        `${at}.audio`,
        "Anthropic's models say no sound.",
        "Put the text of it into content.",
      );
    if (isGiven(annotations))
      this.#notes.refuse(`${at}.annotations`, "Anthropic has other citations.", "Leave them out.");
    const said = isGiven(content) ? toTexts(content, `${at}.content`, this.#notes) : [];
    const refused = isGiven(refusal) ? (this.#notes.text(`${at}.refusal`, refusal) ?? "") : "";
    const calls = this.#toCalls(tool_calls, `${at}.tool_calls`);
    if (refused === "" && calls.length === 0) return this.#push("assistant", said);
    // Beside calls, a service takes no text that is empty.
    const blocks = toBlocks(said).filter((block) => block.type !== "text" || block.text !== "");
    const refusals = refused === "" ? [] : [{ type: "text", text: refused } as const];
    this.#push("assistant", [...blocks, ...refusals, ...calls]);
  }

  #toCalls(calls: unknown, path: string): readonly ToolUseBlock[] {
    if (!isGiven(calls)) return [];
    if (!Array.isArray(calls)) {
      this.#notes.refuseOdd(path, calls, "an array");
      return [];
    }
    return calls.flatMap((call: unknown, index) => this.#toCall(call, `${path}[${index}]`) ?? []);
  }

  #toCall(value: unknown, at: string): ToolUseBlock | undefined {
    const call = this.#notes.object(at, value);
    if (call === undefined) return undefined;
    if (call.type === "custom" || !isObject(call.function)) {
      this.#notes.refuse(
        at,
        "Anthropic's tools are called with JSON alone.",
        "Use tools that are functions.",
      );
      return undefined;
    }
    this.#notes.refuseOthers(at, call, ["id", "type", "function"]);
    this.#notes.refuseOthers(`${at}.function`, call.function, ["name", "arguments"]);
    const id = this.#notes.text(`${at}.id`, call.id);
    const name = this.#notes.text(`${at}.function.name`, call.function.name);
    const given = call.function.arguments;
    const input = given === "" ? {} : typeof given === "string" ? tryParseJson(given) : undefined;
    if (!isObject(input))
      this.#notes.refuse(
        `${at}.function.arguments`,
        "Anthropic takes the arguments of a tool as an object, and these are the JSON of none.",
        "Mend them, or leave the call out.",
      );
    if (id === undefined || name === undefined || !isObject(input)) return undefined;
    return { type: "tool_use", id, name, input };
  }

  #addTool(message: JsonObject, at: string): void {
    this.#notes.refuseOthers(at, message, ["role", "content", "name", "tool_call_id"]);
    const id = this.#notes.text(`${at}.tool_call_id`, message.tool_call_id);
    const content = toTexts(message.content, `${at}.content`, this.#notes);
    if (id !== undefined) this.#push("user", [{ type: "tool_result", tool_use_id: id, content }]);
  }

  /** Neighbours of one role are one message. */
  #push(role: MessageParam["role"], content: string | ContentBlock[]): void {
    if (content.length === 0)
      this.#notes.warn(`${this.#latest}.content`, "Anthropic is known to refuse a message without content.");
    const last = this.#messages.at(-1);
    if (last?.role === role) last.content = [...toBlocks(last.content), ...toBlocks(content)];
    else this.#messages.push({ role, content });
  }
}
