import { readFile, rename, writeFile } from "node:fs/promises";
import { OpenbatchError, toFileError } from "../../errors/index.js";
import { parseSettings } from "../frame/settings-text.js";

/** The file in the current folder that `--save` writes. */
export const settingsFile = "openbatch.yaml";

/** Which model is asked in a folder, and where. Never a key, nor the name of one: the folder may come from a stranger. */
export interface SavedSettings {
  readonly model?: string;
  readonly base_url?: string;
}

const keys: readonly string[] = ["model", "base_url"] satisfies readonly (keyof SavedSettings)[];

/** @throws OpenbatchError `invalid_option` where the file holds something else. */
export async function readAskSettings(): Promise<SavedSettings> {
  let text: string;
  try {
    text = await readFile(settingsFile, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return {};
    throw toFileError(cause, "read", settingsFile);
  }
  return toSettings(text);
}

function toSettings(text: string): SavedSettings {
  const { value, placeOf } = parseSettings(text);
  if (value === null) return {};
  if (typeof value !== "object") throw refuse("it is no YAML with model and base_url", placeOf([]));
  for (const [key, setting] of Object.entries(value)) {
    const place = placeOf([key]);
    if (!keys.includes(key)) throw refuse(`it has ${JSON.stringify(key.slice(0, 40))}`, place);
    if (typeof setting !== "string" || setting.trim() === "") throw refuse(`${key} is no text`, place);
  }
  return value;
}

function refuse(what: string, place: string): OpenbatchError {
  const message = `${settingsFile} in this folder cannot be used: ${what} (${place}).`;
  return new OpenbatchError("invalid_option", message, {
    hint: `It has the keys model and base_url alone, and never a key of a server; that is named by --api-key-env. Mend it, or move it away.`,
  });
}

/** Writes the settings over those that were there. */
export async function saveSettings(settings: SavedSettings): Promise<void> {
  // What is no file of ours is refused, not written over.
  await readAskSettings();
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  const text = `# What openbatch ask takes in this folder where the command line says nothing else.
# It holds no key, and a server that it names gets one by --api-key-env alone.
${lines.join("")}`;
  const beside = `${settingsFile}.${process.pid}.tmp`;
  try {
    // In the place of a link, not where it leads.
    await writeFile(beside, text, { flag: "wx" });
    await rename(beside, settingsFile);
  } catch (cause) {
    throw toFileError(cause, "write", settingsFile);
  }
}
