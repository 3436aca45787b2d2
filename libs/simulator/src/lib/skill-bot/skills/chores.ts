import type { Skill } from '../skill.ts';

interface Chore {
  /** What of a house the demo does not have. */
  request: RegExp;
  answer: string;
}

/** In this order: a reminder may name a shop, a list or a person to call. */
const CHORES: readonly Chore[] = [
  { request: /\bremind me\b|\breminders?\b/, answer: 'I am sorry. I cannot keep reminders in the demo.' },
  {
    request: /\btimers?\b|\balarms?\b|\bhow much time is left\b|\bmake that .+ (?:minutes|seconds|hours)\b/,
    answer: 'I am sorry. I cannot set timers or alarms in the demo.',
  },
  { request: /\blights?\b|\blamps?\b/, answer: 'I am sorry. I cannot switch lights in the demo.' },
  {
    request: /\bweather\b|\brain(?:ing)?\b|\bsnow(?:ing)?\b|\bforecast\b|\btemperature outside\b/,
    answer: 'I am sorry. I cannot look up the weather in the demo.',
  },
  { request: /\b(?:shopping )?list\b/, answer: 'I am sorry. I cannot keep a shopping list in the demo.' },
  { request: /\bsing\b/, answer: 'I am sorry. I cannot sing, and you would not thank me.' },
  { request: /\bmusic\b|\bsongs?\b|\bplaylist\b|^play\b/, answer: 'I am sorry. I cannot play music in the demo.' },
  { request: /^(?:call|phone|ring|text) \w/, answer: 'I am sorry. I cannot make calls in the demo.' },
  {
    request: /\bvolume\b|\b(?:louder|quieter|slower|faster)\b/,
    answer: 'I am sorry. I cannot change how I speak in the demo, but the volume of your device can.',
  },
];

/** What a home assistant does and this demo honestly cannot. */
export const chores: Skill = {
  name: 'chores',
  phrases: [
    'set a timer for {num} minutes',
    'set a timer for {num} seconds',
    'set an alarm for {hour}',
    'set an alarm for {hour} {day}',
    'cancel the timer',
    'stop the timer',
    'how much time is left',
    'actually make that {num} minutes',
    'turn on the {room} lights',
    'turn off the {room} lights',
    'turn on the lights',
    'turn off the lights',
    'turn the lights off',
    'dim the {room} lights',
    'turn up the volume',
    'turn down the volume',
    'what is the weather like',
    'what is the weather like {day}',
    'how is the weather {day}',
    'will it rain {day}',
    'is it going to rain {day}',
    'play some music',
    'play some music in the {room}',
    'play the next song',
    'stop the music',
    'pause the music',
    'remind me to call {who}',
    'remind me to call {who} at {hour}',
    'remind me to call {who} {day}',
    'remind me to buy {item}',
    'call {who}',
    'add {item} to the shopping list',
    'add {item} and {item} to the shopping list',
    'what is on the shopping list',
    'remove {item} from the list',
    'speak slower',
    'speak louder',
    'speak faster',
    'can you speak louder',
    'sing a song',
  ],
  answer: (sentence) => CHORES.find(({ request }) => request.test(sentence))?.answer,
};
