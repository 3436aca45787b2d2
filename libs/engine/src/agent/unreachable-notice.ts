/** Said aloud when the agent cannot be had any more. */
export const UNREACHABLE_NOTICE = 'I am sorry, the assistant cannot be reached just now. Please try again in a moment.';
