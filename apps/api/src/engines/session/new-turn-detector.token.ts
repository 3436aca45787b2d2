/** Injection token of `NewTurnDetector`: who judges when the user's turns end. */
export const NEW_TURN_DETECTOR = Symbol('NEW_TURN_DETECTOR');
