import { callReads } from '../../domain/reading/call-reads.ts'

const DAY = /^\d{4}-\d{2}-\d{2}$/
const WITHOUT_OFFSET = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?$/
/** With an offset as ISO 8601 has it in short, or as programs print it. */
const WITH_OFFSET =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)? ?(?:(Z|UTC|GMT)|([+-]\d{2}):?(\d{2})?)$/i
const AGO = /^-(\d{1,6}(?:\.\d+)?)\s*(s|m|h|d|w)$/i
const MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

export const EXAMPLE_TIME = '2026-05-01T12:00:00Z'

/**
 * A moment as people write one, as an ISO 8601 time in UTC: a day (its beginning, or its end where a time until is meant), a
 * time without an offset (UTC) or with a short one, a duration back from now (-7d). Any other text comes back as it is, to be refused.
 */
export function readTime(text: string, { isEnd, now }: { isEnd: boolean; now: number }): string {
  const given = text.trim()
  if (DAY.test(given)) return `${given}T${isEnd ? '23:59:59.999' : '00:00:00'}Z`
  const local = WITHOUT_OFFSET.exec(given)
  if (local) return `${local[1]}T${local[2]}${(local[3] ?? ':00').replace(',', '.')}Z`
  const moment = WITH_OFFSET.exec(given)
  if (!moment) return ago(given, now) ?? given
  const [, day, time, seconds = ':00', , hours = '', minutes = '00'] = moment
  return `${day}T${time}${seconds.replace(',', '.')}${hours && `${hours}:${minutes}`}${hours ? '' : 'Z'}`
}

function ago(given: string, now: number): string | undefined {
  const [, amount, unit = ''] = AGO.exec(given) ?? []
  const ms = Object.entries(MS).find(([name]) => name === unit.toLowerCase())?.[1]
  if (amount === undefined || ms === undefined) return undefined
  // The same words mean another time later.
  callReads()?.spoil()
  const at = now - Number(amount) * ms
  return at > -62_000_000_000_000 ? new Date(at).toISOString() : undefined
}
