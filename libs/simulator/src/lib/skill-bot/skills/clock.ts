import { sayNumber, sayYear } from '../number-words.ts';
import type { Skill, SkillContext } from '../skill.ts';

const TIME = /^(?:what is the time|what time is it|what time it is|what the time is|the time|tell me the time)(?: right)?$/;
const DATE = /^(?:(?:what is|tell me) )?(?:the date|the date of today|todays date|today)(?: today)?$|^what the date is(?: today)?$/;
const DAY = /^(?:what|which) (?:day|day of the week|weekday) (?:is (?:it|today)|it is)(?: today)?$/;
const YEAR = /^(?:what|which) year (?:is (?:it|this)|it is)$|^what is the year$/;

const ORDINAL_ONES =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth'.split(
    ' ',
  );

/** True for a question for the time of day, normalised and without courtesies. */
export function asksForTime(sentence: string): boolean {
  return TIME.test(sentence);
}

/** Time, date, day and year, by the context's clock and time zone. */
export const clock: Skill = {
  name: 'clock',
  phrases: [
    'what time is it',
    'what is the time',
    'what time is it now',
    'tell me the time',
    'what is the date',
    'what is the date today',
    'what day is it',
    'what day is it today',
    'what is today',
    'what year is it',
  ],
  answer(sentence, context) {
    if (TIME.test(sentence)) return `It is ${sayTime(context)}.`;
    if (DATE.test(sentence)) return `Today is ${part(context, { weekday: 'long' })}, ${sayDate(context)}.`;
    if (DAY.test(sentence)) return `It is ${part(context, { weekday: 'long' })}.`;
    if (YEAR.test(sentence)) return `It is ${sayYear(yearOf(context))}.`;
    return undefined;
  },
};

function sayTime(context: SkillContext): string {
  const hour = Number(part(context, { hour: 'numeric', hourCycle: 'h23' }));
  const minute = Number(part(context, { minute: 'numeric' }));
  const onTheHour = minute === 0;
  if (onTheHour && hour === 0) return 'midnight';
  if (onTheHour && hour === 12) return 'noon';
  const hourWord = sayNumber(hour % 12 === 0 ? 12 : hour % 12);
  const minuteWords = minute < 10 ? `oh ${sayNumber(minute)}` : sayNumber(minute);
  return `${hourWord} ${onTheHour ? "o'clock" : minuteWords} ${partOfDay(hour)}`;
}

function partOfDay(hour: number): string {
  if (hour < 12) return 'in the morning';
  return hour < 18 ? 'in the afternoon' : 'in the evening';
}

function sayDate(context: SkillContext): string {
  const day = Number(part(context, { day: 'numeric' }));
  return `${part(context, { month: 'long' })} the ${ordinal(day)}, ${sayYear(yearOf(context))}`;
}

function ordinal(day: number): string {
  if (day < 20) return ORDINAL_ONES[day];
  const tens = day < 30 ? 'twent' : 'thirt';
  return day % 10 === 0 ? `${tens}ieth` : `${tens}y ${ORDINAL_ONES[day % 10]}`;
}

function yearOf(context: SkillContext): number {
  return Number(part(context, { year: 'numeric' }));
}

function part({ now, timeZone }: SkillContext, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-US', { ...options, timeZone }).format(now);
}
