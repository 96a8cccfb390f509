import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computedParams } from '../../../src/core/plan/computedParams.js';
import { scheduledTime, timeZoneNamed } from '../../../src/core/plan/scheduledTime.js';

const DAY = 86_400_000;
const instants = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true });
const of = (iso: string, timezone: string) => scheduledTime(Date.parse(iso), timezone);

describe('the time a run is scheduled for', () => {
  it('is told by the clock of the time zone', () => {
    // India keeps one offset all year.
    fc.assert(
      fc.property(instants, (instant) => {
        const ms = instant.getTime();
        const local = (at: number) => new Date(at + 5.5 * 3_600_000).toISOString();
        const told = scheduledTime(ms, 'Asia/Kolkata');
        expect(told).toMatchObject({ ms, at: instant.toISOString(), date: local(ms).slice(0, 10) });
        expect(told.time).toBe(local(ms).slice(11, 19));
        expect(told.yesterday).toBe(local(ms - DAY).slice(0, 10));
      }),
    );
  });

  it('tells the offset, and takes the name of a zone in any case', () => {
    expect(of('2026-01-01T00:00:00Z', 'UTC').offset).toBe('+00:00');
    expect(of('2026-01-01T00:00:00Z', 'america/new_york').offset).toBe('-05:00');
    expect(timeZoneNamed('america/new_york')).toBe('America/New_York');
  });

  it('follows the clocks when they change, in both directions', () => {
    const berlin = (iso: string) => of(iso, 'Europe/Berlin');
    expect(berlin('2026-03-29T00:59:59Z')).toMatchObject({ time: '01:59:59', weekday: 'sunday' });
    expect(berlin('2026-03-29T01:00:00Z').time).toBe('03:00:00');
    expect(berlin('2026-10-25T00:30:00Z').time).toBe('02:30:00');
    expect(berlin('2026-10-25T01:30:00Z').time).toBe('02:30:00');
  });

  it('has yesterday as a day of the calendar, not as 24 hours', () => {
    // 23 hours before this, it was the 28th still; 24 hours before, too, but an hour earlier.
    expect(of('2026-03-29T22:30:00Z', 'Europe/Berlin')).toMatchObject({
      date: '2026-03-30',
      yesterday: '2026-03-29',
    });
    expect(of('2028-03-01T12:00:00Z', 'UTC').yesterday).toBe('2028-02-29');
    expect(of('2027-01-01T00:00:00Z', 'UTC').yesterday).toBe('2026-12-31');
  });
});

describe('computed params', () => {
  const at = Date.parse('2026-11-21T23:30:00Z');

  it('are templates over that time', () => {
    const computed = {
      day: '{{ scheduled.date }}',
      label: 'of {{ scheduled.weekday }}, {{ scheduled.time }}',
    };
    expect(computedParams(computed, at, 'Europe/Berlin')).toEqual({
      day: '2026-11-22',
      label: 'of sunday, 00:30:00',
    });
  });

  it('name themselves where they fail', () => {
    expect(() => computedParams({ day: '{{ scheduled.dat }}' }, at, 'UTC')).toThrow(/`day`.*scheduled\.dat/);
    expect(() => computedParams({ day: '{{ now }}' }, at, 'UTC')).toThrow(/now/);
    expect(() => computedParams({}, at, 'Europe/Berln')).toThrow(/`Europe\/Berln` is no time zone/);
  });
});
