import type { PromptMessage } from "./message.js";

/** What may stand for a placeholder. Numbers are finite; they and booleans are written as JSON writes them. */
export type TemplateValue = string | number | boolean;

/**
 * The variables of a template's messages, by name. Of messages that the compiler does not know to the letter, or with
 * more than 200 braces in one text, it is a record of any names.
 */
export type VariablesOf<Messages extends readonly PromptMessage[]> = Variables<
  NamesIn<TextsOf<ContentOf<Messages[number]>>>
>;

type Variables<Name extends string> = [Name] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [Key in Name]: TemplateValue };

/** What of a message holds placeholders: its content, or the output of a tool. */
type ContentOf<Message> = Message extends { readonly content?: infer Content }
  ? Content
  : Message extends { readonly output: infer Output }
    ? Output
    : never;

/** Every string in a value, at any depth. */
type TextsOf<Value> = Value extends string
  ? Value
  : Value extends readonly (infer Element)[]
    ? TextsOf<Element>
    : Value extends object
      ? { [Key in keyof Value]: TextsOf<Value[Key]> }[keyof Value]
      : never;

/** The names between single braces, distributed over a union of texts. */
type NamesIn<Text extends string> = Text extends string
  ? IsKnown<Text> extends true
    ? Scan<Text>
    : string
  : never;

/** False for `string`, and for a pattern such as `Dear ${string}`, which may hold placeholders of its own. */
type IsKnown<Text extends string> = Record<never, never> extends Record<Text, 1> ? false : true;

type Scan<
  Text extends string,
  Found extends string = never,
  Steps extends unknown[] = [],
> = Steps["length"] extends 200
  ? string
  : Text extends `${string}{${infer After}`
    ? After extends `{${infer Rest}`
      ? Scan<Rest, Found, [...Steps, 0]>
      : After extends `${infer Name}}${infer Rest}`
        ? Scan<Rest, Found | Name, [...Steps, 0]>
        : Found
    : Found;
