import { type Answer, type ConversationClient, durationMsOf, fixture, levelOf, type MessageOf } from '@parley/testing/client';

export type Stage = 'stt' | 'llm' | 'tts';

const OUTPUT_RATE_HZ = 24_000;
const AUDIBLE = 200;

/** Takes a turn that needs the stage: spoken for the recogniser, and typed for the others, which is faster. */
export async function takeTurn(client: ConversationClient, stage: Stage, pace: 'real time' | 'poured' = 'real time'): Promise<Answer> {
  const { turn } = client;
  const { pcm } = fixture('clean-time.wav');
  if (stage === 'stt' && pace === 'poured') client.sendAudioAtOnce(pcm);
  else if (stage === 'stt') await client.microphone.say(pcm);
  else client.send({ type: 'text_message', text: 'what is seven plus five' });
  return client.answerOf(turn);
}

/** Expects one error that is not fatal, and spoken words instead of the answer. */
export function expectFailure(client: ConversationClient, answer: Answer, stage: Stage): MessageOf<'error'> | undefined {
  const errors = client.inbox.messages('error');
  expect(errors).toEqual([{ type: 'error', code: `${stage}_failed`, message: expect.stringMatching(/\S/), fatal: false, stage }]);
  expect(answer.text).not.toBe('');
  expect(durationMsOf(answer.speech, OUTPUT_RATE_HZ)).toBeGreaterThan(1_000);
  expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
  return errors[0];
}
