import { Failure } from '../outcome/failure.js';

/** What templates of computed params may name, as in `{{ scheduled.date }}`; by the clock of the schedule's time zone. */
interface ScheduledTime {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** ms since the epoch. */
  readonly ms: number;
  /** `2026-03-29`. */
  readonly date: string;
  /** Of the day before. */
  readonly yesterday: string;
  /** `03:00:00`. */
  readonly time: string;
  /** `monday` … `sunday`. */
  readonly weekday: string;
  /** From UTC: `+02:00`. */
  readonly offset: string;
}

/** The name as the IANA database writes it. @throws Failure `InvalidInput` where it has none such */
export function timeZoneNamed(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new Failure(
      'InvalidInput',
      `\`${name}\` is no time zone. Give an IANA name, such as Europe/Berlin.`,
    );
  }
}

/** @throws Failure `InvalidInput` where that is no time zone */
export function scheduledTime(ms: number, timezone: string): ScheduledTime {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: timeZoneNamed(timezone),
    ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      weekday: 'long',
      timeZoneName: 'longOffset',
    },
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)!.value;
  const [year, month, day] = [part('year'), part('month'), part('day')].map(Number) as [
    number,
    number,
    number,
  ];
  const isoDay = (of: number): string => new Date(Date.UTC(year, month - 1, of)).toISOString().slice(0, 10);
  return {
    at: new Date(ms).toISOString(),
    ms,
    date: isoDay(day),
    yesterday: isoDay(day - 1),
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
    weekday: part('weekday').toLowerCase(),
    offset: part('timeZoneName').slice('GMT'.length) || '+00:00',
  };
}
