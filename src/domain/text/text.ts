import { z } from 'zod'

/** A text of at most so many bytes of UTF-8, without NUL (PostgreSQL cannot hold one) or half characters. */
export function text(maxBytes: number): z.ZodString {
  return z
    .string()
    .refine((value) => Buffer.byteLength(value) <= maxBytes, {
      error: `takes more than ${maxBytes} bytes`,
      params: { error: 'TOO_LARGE' },
      abort: true,
    })
    .refine((value) => value.isWellFormed() && !value.includes('\0'), 'holds a NUL or half of a character')
}

/** An id, an agent's name or the like, as an argument names it. */
export const idText = text(256).min(1)
