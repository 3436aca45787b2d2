/** Said aloud when the agent is permanently unreachable. */
export const UNREACHABLE_NOTICE = 'I am sorry, the assistant cannot be reached just now. Please try again in a moment.';
