/** What a request may carry, by the model's id; a model nobody knows gets the plain set. */
export interface ModelCapabilities {
  /** Reasoning models refuse a sampling temperature. */
  takesTemperature: boolean;
  /** Models whose reasoning can be switched off, which a conversation wants. */
  reasoningEffort: 'none' | undefined;
}

const REASONING = /^(?:o\d|gpt-(?:[5-9]|\d\d))/;
const REASONING_OPTIONAL = /^gpt-(?:5\.[1-9]|[6-9]|\d\d)/;

export function modelCapabilities(model: string): ModelCapabilities {
  return { takesTemperature: !REASONING.test(model), reasoningEffort: REASONING_OPTIONAL.test(model) ? 'none' : undefined };
}
