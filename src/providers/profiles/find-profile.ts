import { describeName, nearestName } from "../../api/index.js";
import { OpenbatchError } from "../../errors/index.js";
import type { Profile } from "./profile.js";
import { profileNames } from "./profile-name.js";
import { profiles } from "./profiles.js";

/** The profile of a service. @throws OpenbatchError `invalid_option` for a name that is none. */
export function findProfile(name: string): Profile {
  const known = profileNames.find((each) => each === name);
  if (known !== undefined) return profiles[known];
  const meant = typeof name === "string" ? nearestName(name, profileNames) : undefined;
  throw new OpenbatchError(
    "invalid_option",
    `There is no service ${describeName(name)} that openbatch knows.`,
    {
      hint:
        meant === undefined
          ? `Use one of ${profileNames.join(", ")}; custom is any that speaks like OpenAI.`
          : `Did you mean ${meant}?`,
    },
  );
}
