import type { LlmRequest, LlmToolCall } from '@parley/providers';
import type { WantedCall } from './language-model-contract';

/** The tool calls that a fake model is to make in its reply to this request, as the contract asks. */
export function fakeCalls({ tools = [], messages }: LlmRequest, wanted: readonly WantedCall[]): LlmToolCall[] {
  if (tools.length === 0 || messages.at(-1)?.role === 'tool') return [];
  return wanted.map((call, index) => ({
    id: `call-${messages.length}-${index}`,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));
}
