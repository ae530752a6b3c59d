// Times as programs and people write them out, where they leave no doubt, in the digits of ISO 8601.

/** As mail and HTTP have it. */
const MAIL = /^(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d{2}:\d{2}(?::\d{2})?) (Z|UTC|GMT|[+-]\d{4})$/i
/** As JavaScript prints it. */
const PRINTED = /^[a-z]{3} ([a-z]{3}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})$/i
/** A day with its month as an English word, before or behind it. */
const DAY_MONTH = /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? (\d{4})$/i
const MONTH_DAY = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

/** The zone's name behind an offset that says the same (RFC 9557), as programs print it too. */
const ZONE = /(Z|[+-]\d{2}:?\d{2}) ?(?:\[!?[\w/+-]+\]|\([^()]*\))$/i
/** The end of a day, and a leap second: both are the moment that follows. */
const END_OF_DAY = /^(\d{4}-\d{2}-\d{2}[T ])24:00(?::00(?:[.,]0+)?)?/i
const LEAP_SECOND = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}):60(?:[.,]\d+)?/i

/** The same in digits; what is written otherwise comes back as it is. */
export function inDigits(text: string): string {
  const given = text.replace(ZONE, '$1')
  const end = END_OF_DAY.exec(given)
  if (end) return later(`${end[1]}00:00`, 86_400_000, given.slice(end[0].length)) ?? given
  const leap = LEAP_SECOND.exec(given)
  if (leap) return later(leap[1] ?? '', 60_000, given.slice(leap[0].length)) ?? given
  const [, day, month, year, time, offset] = MAIL.exec(given) ?? swapped(PRINTED.exec(given)) ?? []
  if (time !== undefined) return written(year, month, day, `T${time}${offset}`) ?? given
  const named = DAY_MONTH.exec(given) ?? swapped(MONTH_DAY.exec(given))
  return (named && written(named[3], named[2], named[1])) ?? given
}

/** The month is named before the day. */
function swapped(found: RegExpExecArray | null): string[] | null {
  if (!found) return null
  const [all = '', month = '', day = '', ...rest] = found
  return [all, day, month, ...rest]
}

function written(year = '', month = '', day = '', time = ''): string | undefined {
  const word = month.toLowerCase()
  const isShort = word.length === 3 || word === 'sept'
  const at = isShort ? MONTHS.findIndex((name) => name.startsWith(word)) : MONTHS.indexOf(word)
  return at < 0 ? undefined : dayOf(year, String(at + 1), day) + time
}

/** A time of a real day, so much later, with what stood behind it. */
function later(time: string, ms: number, rest: string): string | undefined {
  const at = Date.parse(`${time.slice(0, 10)}T${time.slice(11)}Z`)
  const isReal = !Number.isNaN(at) && new Date(at).toISOString().startsWith(time.slice(0, 10))
  return isReal ? new Date(at + ms).toISOString().slice(0, 16) + rest : undefined
}

export function dayOf(year = '', month = '', day = ''): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

/** A month's last day. */
export function lastDay(year: number, month: number): string {
  return dayOf(String(year), String(month), String(new Date(Date.UTC(year, month, 0)).getUTCDate()))
}
