/** Injection token of `NewTurnDetector`, which creates the object that decides when a turn of the user has ended. */
export const NEW_TURN_DETECTOR = Symbol('NEW_TURN_DETECTOR');
