/** The parameters that a request may contain, by the id of the model. An unknown model gets the basic set. */
export interface ModelCapabilities {
  /** False for reasoning models, which refuse a sampling temperature. */
  takesTemperature: boolean;
  /** `none` for models whose reasoning can be switched off, which makes replies in a conversation faster. */
  reasoningEffort: 'none' | undefined;
}

const REASONING = /^(?:o\d|gpt-(?:[5-9]|\d\d))/;
const REASONING_OPTIONAL = /^gpt-(?:5\.[1-9]|[6-9]|\d\d)/;

export function modelCapabilities(model: string): ModelCapabilities {
  return { takesTemperature: !REASONING.test(model), reasoningEffort: REASONING_OPTIONAL.test(model) ? 'none' : undefined };
}
