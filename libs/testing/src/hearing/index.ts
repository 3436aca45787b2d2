/** Recordings on virtual time: what the detector and the turn engine together make of them. */
export * from './background';
export * from './hear-conversation';
export * from './scene-recogniser';
export * from './sound-after-turn';
