import type { Notice } from '@parley/protocol';

/** What a client is told whose speech was cut because it does not read it. */
export const SLOW_CONNECTION: Notice = {
  type: 'notice',
  code: 'slow_connection',
  message: 'Your connection is too slow for the voice: the rest of this answer is not spoken.',
};

/** The same for a narration, which goes on. */
export const SLOW_NARRATION: Notice = {
  type: 'notice',
  code: 'slow_connection',
  message: 'Your connection is too slow for the voice: a part of the text is not heard.',
};
