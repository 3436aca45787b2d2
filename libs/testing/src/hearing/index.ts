/** Runs recordings through the voice detector and the turn engine on virtual time. */
export * from './background';
export * from './hear-conversation';
export * from './scene-recogniser';
export * from './sound-after-turn';
