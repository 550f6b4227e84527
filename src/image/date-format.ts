/** What a date has in one time zone, as texts of digits. */
type Parts = Readonly<Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>>;

const TOKEN = /\[([^\]]*)\]|YYYY|YY|MM|M|DD|D|HH|H|hh|h|mm|m|ss|s|SSS|A|a|X|x|[A-Za-z]/g;

/** Letters that mean something to Moment, but nothing that a tag needs: names of days, weeks, quarters, zones. */
const OTHER_TOKEN = /[MoDdwWeEYyNGgQkKSzZLl]/;

/**
 * A date in the formats of Moment that are made of digits (momentjs.com/docs/#/displaying/format): YYYY YY MM M DD D HH
 * H hh h mm m ss s SSS A a X x, and text in brackets.
 *
 * @param zone name of an IANA time zone: `UTC`, `Asia/Tokyo`
 * @returns undefined when the format has another token, or there is no such zone
 */
export function formatDate(date: Date, format: string, zone: string): string | undefined {
  const parts = partsIn(date, zone);
  if (parts === undefined) return undefined;
  let isKnown = true;
  const text = format.replace(TOKEN, (token, literal: string | undefined) => {
    if (literal !== undefined) return literal;
    const value = tokenValue(token, parts, date);
    if (value === undefined) isKnown = false;
    return value ?? '';
  });
  return isKnown ? text : undefined;
}

function tokenValue(token: string, parts: Parts, date: Date): string | undefined {
  const hour = Number(parts.hour);
  const short = (text: string) => String(Number(text));
  const values: Readonly<Record<string, string>> = {
    YYYY: parts.year,
    YY: parts.year.slice(-2),
    MM: parts.month,
    M: short(parts.month),
    DD: parts.day,
    D: short(parts.day),
    HH: parts.hour,
    H: short(parts.hour),
    hh: String(hour % 12 || 12).padStart(2, '0'),
    h: String(hour % 12 || 12),
    mm: parts.minute,
    m: short(parts.minute),
    ss: parts.second,
    s: short(parts.second),
    SSS: String(date.getUTCMilliseconds()).padStart(3, '0'),
    A: hour < 12 ? 'AM' : 'PM',
    a: hour < 12 ? 'am' : 'pm',
    X: String(Math.floor(date.getTime() / 1_000)),
    x: String(date.getTime()),
  };
  if (Object.hasOwn(values, token)) return values[token];
  return OTHER_TOKEN.test(token) ? undefined : token;
}

function partsIn(date: Date, timeZone: string): Parts | undefined {
  const two = '2-digit';
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    const found = new Map(format.formatToParts(date).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes) => found.get(type) ?? '';
    return {
      year: part('year').padStart(4, '0'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
