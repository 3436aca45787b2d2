/** What the agent is told about events that it cannot observe by itself. */

const MAX_QUOTED_CHARACTERS = 500;

export const halfHeardUpdate = (words: string): string | undefined =>
  words === '' ? undefined : `The user had begun to say: ${words.slice(0, MAX_QUOTED_CHARACTERS)}`;

export const stoppedUpdate = (heard: string): string =>
  heard === ''
    ? 'The user has stopped you with a button and has heard nothing of your last answer.'
    : `The user has stopped you with a button. Of your last answer the user heard only: ${heard.slice(-MAX_QUOTED_CHARACTERS)}`;

export const greetedUpdate = (words: string): string => `You have greeted the user already, with these words: ${words}`;

/** Several people share the conversation, and another one speaks now. */
export const speakerUpdate = (name: string): string => `${name} is speaking now.`;

/** What was said was not meant for the agent, so nobody has heard its answer. */
export const unansweredUpdate = (words: string): string => `Somebody said this to somebody else, and your answer was not heard: ${words}`;

/** What was typed is not to be answered, and was not sent as a message. */
export const overheardUpdate = (words: string): string => `Somebody wrote this to somebody else; do not answer it: ${words}`;
