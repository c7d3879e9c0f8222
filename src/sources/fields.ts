/**
 * The checks one field at a time, shared by every format. Written by hand rather than with zod,
 * because an import of a million rows spends its time here and because each message must say in
 * plain words what is wrong. Each throws `RowError`.
 */
import type { Day } from '../domain/paper.ts';
import { parseArxivId } from '../domain/paper.ts';
import { excerpt, RowError } from './source-record.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const nameOfType = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return 'text';
  return `a ${typeof value}`;
};

const isAbsent = (value: unknown): value is undefined | null =>
  value === undefined || value === null;

export const textField = (value: unknown, name: string): string | undefined => {
  if (isAbsent(value)) return undefined;
  if (typeof value === 'string') return value;
  throw new RowError(`${name} is ${nameOfType(value)}, not text`);
};

export const textListField = (value: unknown, name: string): readonly string[] => {
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw new RowError(`${name} is ${nameOfType(value)}, not a list`);
  for (const item of value) {
    if (typeof item !== 'string') {
      throw new RowError(`${name} holds ${nameOfType(item)} where a text belongs`);
    }
  }
  return value;
};

/** A total: a whole number, zero or more. */
export const countField = (value: unknown, name: string): number => {
  if (isAbsent(value)) throw new RowError(`${name} is missing`);
  if (typeof value !== 'number')
    throw new RowError(`${name} is ${nameOfType(value)}, not a number`);
  if (!Number.isFinite(value)) throw new RowError(`${name} is too large`);
  if (value < 0) throw new RowError(`${name} is negative (${value})`);
  if (!Number.isSafeInteger(value)) throw new RowError(`${name} is no whole number (${value})`);
  return value;
};

export const arxivIdField = (value: unknown, name: string): string | undefined => {
  const text = textField(value, name)?.trim();
  if (!text) return undefined;
  const id = parseArxivId(text);
  if (id === undefined) throw new RowError(`${name} "${excerpt(text)}" is not an arXiv id`);
  return id;
};

/** Absolute http(s) addresses pass; whatever else a source calls a link is left out. */
export const parseLink = (text: string | undefined): string | undefined => {
  if (text === undefined || text.length > 2000 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  return isWeb && url.username === '' && url.password === '' ? url.href : undefined;
};

const instantForm =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/;
const monthDays = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// Date.parse takes 30 February for 1 or 2 March, so the calendar is asked first.
const isRealDay = (day: string): boolean => {
  const [year, month, date] = [
    Number(day.slice(0, 4)),
    Number(day.slice(5, 7)),
    Number(day.slice(8, 10)),
  ];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const most = month === 2 && !leap ? 28 : (monthDays[month - 1] ?? 0);
  return date >= 1 && date <= most;
};

/** An ISO 8601 instant; a day alone is its midnight UTC, a time without a zone is UTC. */
export const parseInstant = (text: string): Date | undefined => {
  const [, day, time = '00:00', zone = 'Z'] = instantForm.exec(text) ?? [];
  if (day === undefined || !isRealDay(day)) return undefined;
  const ms = Date.parse(`${day}T${time}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  return Number.isNaN(ms) ? undefined : new Date(ms);
};

export const instantField = (value: unknown, name: string): Date | undefined => {
  const text = textField(value, name)?.trim();
  if (!text) return undefined;
  const instant = parseInstant(text);
  if (instant === undefined) {
    throw new RowError(`${name} "${excerpt(text)}" is no date; write it as 2026-03-20T08:00:00Z`);
  }
  return instant;
};

/** A day as it is written, never shifted into another zone; a time after it is ignored. */
export const dayField = (value: unknown, name: string): Day | undefined => {
  const text = textField(value, name)?.trim();
  if (!text) return undefined;
  if (parseInstant(text) === undefined) {
    throw new RowError(`${name} "${excerpt(text)}" is no day; write it as 2026-03-20`);
  }
  return text.slice(0, 10);
};

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * The day an RFC 5322 date names (`Fri, 19 Sep 2025 00:00:00 -0400` → `2025-09-19`), as written in
 * its own zone: arXiv dates an announcement in Eastern time.
 */
export const parseMailDay = (text: string): Day | undefined => {
  const [, date = '', month = '', year = ''] =
    /^\s*(?:[a-z]{3},\s*)?(\d{1,2})\s+([a-z]{3})\s+(\d{4})\b/i.exec(text) ?? [];
  const at = months.indexOf(month.toLowerCase());
  const day = `${year}-${String(at + 1).padStart(2, '0')}-${date.padStart(2, '0')}`;
  return at !== -1 && isRealDay(day) ? day : undefined;
};
