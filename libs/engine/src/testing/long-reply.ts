import { TestConversation, type TestConversationOptions } from './test-conversation';
import { settle } from './virtual-time';

/** Its text is not complete yet, and it has more audio than may be sent ahead. Replies after it are short. */
const LONG_REPLY: TestConversationOptions = {
  llm: (_request, index) => (index === 0 ? 'manual' : { tokens: ['Something else.'] }),
  tts: (index) => (index === 0 ? 'manual' : {}),
};

/** Starts a conversation and resolves in the middle of a long reply to its first question. */
export async function startWithLongReply(options: TestConversationOptions = {}): Promise<TestConversation> {
  const conversation = await TestConversation.start({ ...LONG_REPLY, ...options });
  const { mic, fakes } = conversation;
  await mic.saySomething();
  fakes.llm.replies[0].token('This is a long story. ');
  await settle();
  fakes.tts.speeches[0].chunk(30_000);
  await settle();
  return conversation;
}
