import { ValidateBy } from 'class-validator';

/** What a client may choose. `voice`: one that the server offers; `any_voice`: any id of the account. */
export const CLIENT_CHOICES = ['prompt', 'voice', 'any_voice', 'language', 'engine', 'model'] as const;
export type ClientChoice = (typeof CLIENT_CHOICES)[number];

const NONE = 'none';
/** What costs or embarrasses the owner when strangers choose it. */
const NOT_FOR_STRANGERS: readonly ClientChoice[] = ['prompt', 'any_voice'];

const isChoice = (text: string): text is ClientChoice => CLIENT_CHOICES.some((choice) => choice === text);
const itemsOf = (text: string): string[] => text.split(',').map((item) => item.trim());

/** The choices of a valid list; without one, those that are usual in production or in development. */
export function clientChoices(list: string | undefined, isProduction: boolean): ReadonlySet<ClientChoice> {
  if (list !== undefined) return new Set(itemsOf(list).filter(isChoice));
  return new Set(CLIENT_CHOICES.filter((choice) => !isProduction || !NOT_FOR_STRANGERS.includes(choice)));
}

/** Checks that a value is `none` or a comma list of choices. */
export const IsClientChoices = (): PropertyDecorator =>
  ValidateBy({
    name: 'isClientChoices',
    validator: {
      validate: (value) => typeof value === 'string' && (value === NONE || itemsOf(value).every(isChoice)),
      defaultMessage: () => `$property must be ${NONE} or a comma list out of ${CLIENT_CHOICES.join(', ')}`,
    },
  });
