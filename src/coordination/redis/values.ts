import { z } from 'zod'

/**
 * The shape of what the cache and the event feed read from Redis. Any client may have written there: a value
 * that does not fit counts as missing.
 */
const version = z.int().nonnegative()

const answer = z.tuple([
  z.array(z.tuple([z.string(), version])),
  z.number().nullable(),
  z.unknown(),
  z.string(),
])

const news = z.object({ ns: z.string(), versions: z.record(z.string(), version) })

const peek = z.tuple([z.string().nullable(), z.number(), z.tuple([z.string()], z.string().nullable())])

/** Stamp, time of expiry, value, seal. */
export type StoredAnswer = z.output<typeof answer>
export type News = z.output<typeof news>
/** Answer, 1 to fill it, name of the versions' memory and the versions. */
export type PeekReply = z.output<typeof peek>

export function parseAnswer(text: string): StoredAnswer | undefined {
  return parse(answer, text)
}

export function parseNews(text: string): News | undefined {
  return parse(news, text)
}

export function readPeekReply(reply: unknown): PeekReply {
  return peek.parse(reply)
}

/** A version, or the number of an event, as it stands in Redis; undefined for none, and for what is none. */
export function readVersion(value: unknown): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : undefined
}

function parse<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
