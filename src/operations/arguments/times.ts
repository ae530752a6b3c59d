import { callReads } from '../../domain/reading/call-reads.ts'
import { dayOf, inDigits, lastDay } from './written-times.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const WITHOUT_OFFSET = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?$/
/** With an offset as ISO 8601 has it in short, or as programs print it. */
const WITH_OFFSET =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)? ?(?:(Z|UTC|GMT)|([+-]\d{2}):?(\d{2})?)$/i
/** The plus sign of an offset, which is a blank where an address was put together without encoding it. */
const LOST_PLUS = /([Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) (?=\d{2}:?\d{2}$)/
/** A day in ISO 8601's basic form, with strokes, or without its zeros, the year first: no other order leaves no doubt. */
const OTHER_DAY = /^(\d{4})(?:[/-](\d{1,2})[/-](\d{1,2})|(\d{2})(\d{2}))$/
const MONTH = /^(\d{4})-(\d{2})$/
/** Seconds or milliseconds since 1970, from 2001 on: nothing shorter is surely a moment. */
const EPOCH = /^(\d{10})(\d{3})?(?:\.\d+)?$/
const FROM_NOW = /^([-+])(\d{1,6}(?:\.\d+)?)\s*(s|m|h|d|w)$/i
const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export const EXAMPLE_TIME = '2026-05-01T12:00:00Z'

/**
 * A moment as people write one, as an ISO 8601 time in UTC: a day (its beginning, or its end where a time until is meant), a
 * time without an offset (UTC), with a short one or with its zone's name behind it, one as programs print it, seconds or milliseconds
 * since 1970, a duration from now (-7d, +7d), now. Any other text comes back as it is, to be refused.
 */
export function readTime(text: string, { isEnd, now }: { isEnd: boolean; now: number }): string {
  const given = otherForm(text.trim().replace(LOST_PLUS, '$1+'), isEnd)
  if (DAY.test(given)) return `${given}T${isEnd ? '23:59:59.999' : '00:00:00'}Z`
  const local = WITHOUT_OFFSET.exec(given)
  if (local) return `${local[1]}T${local[2]}${(local[3] ?? ':00').replace(',', '.')}Z`
  const moment = WITH_OFFSET.exec(given)
  if (!moment) return fromNow(given, now) ?? given
  const [, day, time, seconds = ':00', , hours = '', minutes = '00'] = moment
  return `${day}T${time}${seconds.replace(',', '.')}${hours && `${hours}:${minutes}`}${hours ? '' : 'Z'}`
}

/** The same in a form that is read on. */
function otherForm(given: string, isEnd: boolean): string {
  if (/^now$/i.test(given)) return '-0s'
  const day = OTHER_DAY.exec(given)
  if (day) return dayOf(day[1], day[2] ?? day[4], day[3] ?? day[5])
  const month = MONTH.exec(given)
  if (month) return isEnd ? lastDay(Number(month[1]), Number(month[2])) : `${given}-01`
  const epoch = EPOCH.exec(given)
  if (epoch) return new Date(Number(epoch[1]) * 1000 + Number(epoch[2] ?? 0)).toISOString()
  return inDigits(given)
}

function fromNow(given: string, now: number): string | undefined {
  const [, sign, amount, unit = ''] = FROM_NOW.exec(given) ?? []
  const ms = Object.entries(MS).find(([name]) => name === unit.toLowerCase())?.[1]
  if (amount === undefined || ms === undefined) return undefined
  // The same words mean another time later.
  callReads()?.spoil()
  const at = now + Number(`${sign}${amount}`) * ms
  // Years of four digits.
  return at > -62_000_000_000_000 && at < 253_402_300_800_000 ? new Date(at).toISOString() : undefined
}
