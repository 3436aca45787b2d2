import { ValidateBy } from 'class-validator';

const ROOM = /^[A-Za-z0-9_-]{1,64}$/;
/**
 * 1 to 64 characters that can be seen, or are part of what is seen: no control characters, no lone surrogates, and none that change the direction of
 * text, but the joiners that some scripts are written with. At least one is more than a mark or a blank.
 */
const SHOWN = /^(?!\s)(?=.{0,63}[\p{L}\p{N}\p{P}\p{S}])(?:[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]|\u200c|\u200d){1,64}(?<!\s)$/u;
/** The assistant's identities begin so. */
const RESERVED = /^agent-/i;

const isShown = (value: unknown): value is string => typeof value === 'string' && SHOWN.test(value);

/** Whether it can be the name of a room: 1 to 64 letters, digits, hyphens or underscores. */
export const isRoomName = (value: unknown): value is string => typeof value === 'string' && ROOM.test(value);

/** Whether it can be the identity of a participant that is not the assistant. */
export const isParticipantIdentity = (value: unknown): value is string => isShown(value) && !RESERVED.test(value);

export const IsRoomName = (): PropertyDecorator =>
  ValidateBy({
    name: 'isRoomName',
    validator: { validate: isRoomName, defaultMessage: () => '$property must be 1 to 64 letters, digits, hyphens or underscores' },
  });

export const IsShownName = (): PropertyDecorator =>
  ValidateBy({
    name: 'isShownName',
    validator: { validate: isShown, defaultMessage: () => '$property must be a text of 1 to 64 characters that can be seen' },
  });

export const IsParticipantIdentity = (): PropertyDecorator =>
  ValidateBy({
    name: 'isParticipantIdentity',
    validator: {
      validate: isParticipantIdentity,
      defaultMessage: () => '$property must be a text of 1 to 64 characters that can be seen, and must not begin with agent-',
    },
  });
