import { alibaba } from "./alibaba.js";
import { anthropic } from "./anthropic.js";
import { azure } from "./azure.js";
import { custom } from "./custom.js";
import { deepinfra } from "./deepinfra.js";
import { doubleword } from "./doubleword.js";
import { groq } from "./groq.js";
import { local } from "./local.js";
import { moonshot } from "./moonshot.js";
import { openai } from "./openai.js";
import { ovhcloud } from "./ovhcloud.js";
import { parasail } from "./parasail.js";
import { perplexity } from "./perplexity.js";
import type { Profile } from "./profile.js";
import type { ProfileName } from "./profile-name.js";
import { siliconflow } from "./siliconflow.js";
import { zhipu } from "./zhipu.js";

/** The services that openbatch knows. */
export const profiles: Readonly<Record<ProfileName, Profile>> = {
  openai,
  azure,
  groq,
  deepinfra,
  parasail,
  doubleword,
  moonshot,
  alibaba,
  siliconflow,
  ovhcloud,
  perplexity,
  zhipu,
  anthropic,
  local,
  custom,
};
