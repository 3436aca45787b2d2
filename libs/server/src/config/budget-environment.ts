import { IsBoolean, IsInt, IsOptional, Max, Min } from 'class-validator';
import { Doc } from './doc';
import { TelemetryEnvironment } from './telemetry-environment';
import { ToBoolean, ToNumber } from './value-types';

const CONVERSATION = 'of one conversation';
const ADDRESS = 'of all conversations of one address on one day (UTC)';
const DAY = 'of all conversations on one day (UTC)';

/** An optional limit: a whole number from 1. */
const Limit = (text: string, example: string): PropertyDecorator => {
  const decorators = [
    Doc('budgets', `${text} Not set: unlimited.`, example),
    IsOptional(),
    ToNumber(),
    IsInt(),
    Min(1),
    Max(1_000_000_000),
  ];
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
};

/** How much of the paid services conversations, addresses and days may use. */
export class BudgetEnvironment extends TelemetryEnvironment {
  @Limit(`The most turns ${CONVERSATION}. A turn that is interrupted or cancelled counts.`, '100')
  BUDGET_TURNS_PER_CONVERSATION?: number;
  @Limit(`The most turns ${ADDRESS}.`, '500')
  BUDGET_TURNS_PER_ADDRESS_PER_DAY?: number;
  @Limit(`The most turns ${DAY}.`, '20000')
  BUDGET_TURNS_PER_DAY?: number;

  @Limit(`The most requests to language models ${CONVERSATION}. Drafts, retries and requests to other providers count.`, '400')
  BUDGET_MODEL_REQUESTS_PER_CONVERSATION?: number;
  @Limit(`The most requests to language models ${ADDRESS}.`, '2000')
  BUDGET_MODEL_REQUESTS_PER_ADDRESS_PER_DAY?: number;
  @Limit(`The most requests to language models ${DAY}.`, '80000')
  BUDGET_MODEL_REQUESTS_PER_DAY?: number;

  @Limit(
    `The most characters that voices are given in one conversation or live narration. The sentence that reaches it is still spoken.`,
    '20000',
  )
  BUDGET_VOICE_CHARACTERS_PER_CONVERSATION?: number;
  @Limit(`The most characters that voices are given in all conversations and live narrations of one address on one day (UTC).`, '100000')
  BUDGET_VOICE_CHARACTERS_PER_ADDRESS_PER_DAY?: number;
  @Limit(`The most characters that voices are given in all conversations and live narrations on one day (UTC).`, '4000000')
  BUDGET_VOICE_CHARACTERS_PER_DAY?: number;

  @Limit(
    `The most seconds of audio that recognisers are given ${CONVERSATION}. With the agent engine, all audio of the microphone counts.`,
    '1800',
  )
  BUDGET_RECOGNITION_SECONDS_PER_CONVERSATION?: number;
  @Limit(`The most seconds of audio that recognisers are given ${ADDRESS}.`, '7200')
  BUDGET_RECOGNITION_SECONDS_PER_ADDRESS_PER_DAY?: number;
  @Limit(`The most seconds of audio that recognisers are given ${DAY}.`, '360000')
  BUDGET_RECOGNITION_SECONDS_PER_DAY?: number;

  @Doc(
    'replies',
    'Whether the first question of a conversation gets the reply that the same question got before. Only with the prompt of SYSTEM_PROMPT, ' +
      'and only on the pipeline; the questions are compared without capitals, white space and punctuation at the end.',
  )
  @ToBoolean()
  @IsBoolean()
  REPLY_CACHE = false;
  @Doc('replies', 'How long a reply of REPLY_CACHE is used, in seconds. At most 1 000 replies are kept, in memory.')
  @ToNumber()
  @IsInt()
  @Min(1)
  @Max(604_800)
  REPLY_CACHE_TTL_S = 3_600;
}
