/** Invented readers' habits: where they live, and when and how often they want their digest. */
import { type Frequency, type Weekday, weekdays } from '../src/domain/subscription.ts';
import type { Habits } from './invented.ts';

/**
 * People who live by a zone's clock, in millions and roughly; smaller neighbours with the same clock
 * are counted in. Where readers of papers live is another question, which nobody has counted.
 */
const people: Readonly<Record<string, number>> = {
  'Asia/Kolkata': 1_450,
  'Asia/Shanghai': 1_430,
  'Asia/Karachi': 245,
  'Africa/Lagos': 225,
  'Asia/Jakarta': 200,
  'America/Sao_Paulo': 195,
  'America/New_York': 190,
  'Asia/Dhaka': 172,
  'Africa/Addis_Ababa': 128,
  'Asia/Tokyo': 124,
  'Asia/Manila': 116,
  'America/Mexico_City': 115,
  'Africa/Cairo': 112,
  'Europe/Moscow': 105,
  'America/Chicago': 100,
  'Africa/Kinshasa': 100,
  'Asia/Ho_Chi_Minh': 99,
  'Asia/Tehran': 89,
  'Europe/Istanbul': 86,
  'Europe/Berlin': 84,
  'Asia/Bangkok': 72,
  'Europe/London': 68,
  'Europe/Paris': 68,
  'Africa/Dar_es_Salaam': 67,
  'Africa/Johannesburg': 62,
  'Europe/Rome': 59,
  'America/Los_Angeles': 57,
  'Africa/Nairobi': 55,
  'Asia/Yangon': 54,
  'America/Bogota': 52,
  'Asia/Seoul': 52,
  'Europe/Madrid': 48,
  'Africa/Khartoum': 48,
  'America/Argentina/Buenos_Aires': 46,
  'Africa/Algiers': 46,
  'Asia/Baghdad': 45,
  'Asia/Kabul': 42,
  'Europe/Warsaw': 38,
  'Africa/Casablanca': 38,
  'Europe/Kyiv': 37,
  'Asia/Riyadh': 37,
  'Asia/Tashkent': 36,
  'America/Lima': 34,
  'Asia/Kuala_Lumpur': 34,
  'Asia/Kathmandu': 30,
  'America/Denver': 28,
  'America/Caracas': 28,
  'Australia/Sydney': 20,
};

/** All other zones together. */
const elsewhere = 1_100;

const others = Intl.supportedValuesOf('timeZone').filter((zone) => !(zone in people));

const zones: readonly (readonly [string, number])[] = [
  ...Object.entries(people),
  ...others.map((zone): [string, number] => [zone, elsewhere / others.length]),
];

/** Parts of a hundred; every other hour shares what is left. */
const usualHours = [
  [7, 35],
  [8, 35],
  [6, 10],
  [9, 10],
] as const;
const hours: readonly (readonly [number, number])[] = Array.from({ length: 24 }, (_, hour) => [
  hour,
  usualHours.find(([usual]) => usual === hour)?.[1] ?? 10 / 20,
]);

const weekly = (on: Weekday): Frequency => ({ kind: 'weekly', on });
/** Parts of a hundred. */
const rhythms: readonly (readonly [Frequency, number])[] = [
  [{ kind: 'daily' }, 70],
  [{ kind: 'weekdays' }, 20],
  ...weekdays.map((on): [Frequency, number] => [weekly(on), on === 'mon' ? 4 : 1]),
];

/** Picks by weight: `chance` is from 0 to below 1. */
const picker = <T>(choices: readonly (readonly [T, number])[]): ((chance: number) => T) => {
  const total = choices.reduce((sum, [, weight]) => sum + weight, 0);
  let sum = 0;
  const ends = choices.map(([, weight]) => {
    sum += weight;
    return sum;
  });
  return (chance) => {
    const at = ends.findIndex((end) => chance * total < end);
    return (choices.at(at) as (typeof choices)[number])[0];
  };
};

const [zoneBy, hourBy, rhythmBy] = [picker(zones), picker(hours), picker(rhythms)];

/** Chances from 0 to below 1, the same for the same reader and question in every run. */
const chanceOf = (reader: number, question: number): number => {
  let mixed = Math.imul(reader * 4 + question + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
};

export const habitsOf = (reader: number): Habits => ({
  timeZone: zoneBy(chanceOf(reader, 0)),
  hour: hourBy(chanceOf(reader, 1)),
  frequency: rhythmBy(chanceOf(reader, 2)),
});
